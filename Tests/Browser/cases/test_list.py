"""The list, and what happens to it, over both transports."""

from harness.case import BrowserCase
from harness.waiting import eventually


class ListCase(BrowserCase):
    def test_the_list_is_there_without_anything_having_changed(self):
        service = self.service()
        service.create("first"), service.create("second")
        page = self.open(service)
        page.expect_state("live")
        page.expect_same_list(service)
        self.assertEqual(page.words, "Live")

    def test_created_renamed_and_ended_sessions_show_while_live(self):
        self._changes_show(self.service(percentage=100), "live")

    def test_created_renamed_and_ended_sessions_show_while_polling(self):
        self._changes_show(self.service(percentage=0), "polling")

    def _changes_show(self, service, state):
        page = self.open(service)
        page.expect_state(state)
        page.mark()

        build = service.create("build", ["make", "-j2"])
        self.assertEqual(page.expect_session("build")["command"], "make -j2")
        service.rename(build, "release build")
        page.expect_session("release build", id=build)
        answer = service.ask(f"/api/sessions/{build}", "PATCH", {"status": "exited"})
        self.assertEqual(answer.status, 200)
        page.expect_session("release build", status="exited")
        service.terminate(build)
        page.expect_no_session("release build")

        page.expect_same_list(service)
        self.assertEqual(page.state, state)
        self.assertTrue(page.is_marked, "nothing of this needs a reload")

    def test_the_form_creates_and_the_button_terminates(self):
        service = self.service()
        page = self.open(service)
        page.expect_state("live")
        page.create("build", "make -j2 'a b'")
        built = page.expect_session("build")
        [made] = [session for session in service.sessions if session["id"] == built["id"]]
        self.assertEqual(made["command"], ["make", "-j2", "a b"])
        page.terminate(built["id"])
        page.expect_no_session("build")
        self.assertNotIn(built["id"], [session["id"] for session in service.sessions])

    def test_a_page_without_sessions_says_so(self):
        service = self.service()
        for session in service.sessions:
            service.terminate(session["id"])
        page = self.open(service)
        page.expect_state("live")
        self.assertTrue(page.find("#empty").is_displayed())
        service.create("build")
        page.expect_session("build")
        self.assertFalse(page.find("#empty").is_displayed())

    def test_the_keyboard_alone_creates_and_terminates(self):
        service = self.service()
        for session in service.sessions:
            service.terminate(session["id"])
        page = self.open(service)
        page.expect_state("live")
        page.tab_to("form#create [name=command]")
        page.press("sleep 60")
        page.tab_to("form#create [name=name]")
        page.press("by keyboard", "\ue007")  # Enter
        made = page.expect_session("by keyboard")
        page.tab_to(f"#sessions > li[data-session='{made['id']}'] button[data-action=terminate]")
        page.press(" ")
        page.expect_no_session("by keyboard")
        self.assertEqual(service.sessions, [])

    def test_a_session_begins_in_the_folder_that_was_picked(self):
        folders = self.folder / "tree"
        (folders / "src" / "app").mkdir(parents=True)
        service = self.service("--folders", str(folders))
        page = self.open(service)
        page.expect_state("live")
        for folder in ("src", "src/app"):
            self._pick(page, folder)
        page.create("build", "make")
        page.expect_session("build")
        [made] = [session for session in service.sessions if session["name"] == "build"]
        self.assertEqual(made["folder"], "src/app")

    def _pick(self, page, folder):
        button = f"#folders button[data-folder='{folder}']"

        def click():
            page.find(button).click()
            return True

        eventually(f"the folder {folder} can be picked", click)
        eventually(f"the page is in {folder}", lambda: not page.run("return document.querySelector(arguments[0])", button))
