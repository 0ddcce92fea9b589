"""What everybody must be able to see and to hit, on every screen."""

from harness.case import BrowserCase

_LONG = "a-name-without-a-single-space-that-is-much-longer-than-any-phone-is-wide-" * 2

# The contrast of each visible text with what is behind it, as WCAG 2 defines it.
_CONTRASTS = """
const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = (colour) => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
};
const over = (front, back) => front.slice(0, 3).map((c, i) => c * front[3] + back[i] * (1 - front[3]));
const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
const behind = (element) => {
    const above = element.parentElement ? behind(element.parentElement) : canvas;
    return over(rgba(getComputedStyle(element).backgroundColor), above);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const found = [];
while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const isShown = element.checkVisibility({opacityProperty: true, visibilityProperty: true});
    if (!walker.currentNode.data.trim() || !isShown || element.closest(':disabled')) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [light, dark] = [luminance(over(rgba(style.color), back)), luminance(back)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) found.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
}
return found;
"""
_SMALL = """
return [...document.querySelectorAll('button, input, select, summary')]
    .filter((control) => control.checkVisibility())
    .map((control) => [control.outerHTML.slice(0, 80), control.getBoundingClientRect()])
    .filter(([_, box]) => box.height < 44 || box.width < 44)
    .map(([text, box]) => `${text}: ${box.width} × ${box.height}`);
"""
_WIDER = """
const width = document.documentElement.clientWidth;
return {
    scrolls: document.documentElement.scrollWidth - width,
    beyond: [...document.querySelectorAll('body *')]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 1)
        .map((e) => e.outerHTML.slice(0, 80)),
};
"""
_UNNAMED = ("button", "textbox", "combobox", "listbox", "link")


class LayoutCase(BrowserCase):
    def test_at_320_pixels_nothing_has_to_be_scrolled_sideways(self):
        page = self._full_page(width=320)
        wider = page.run(_WIDER)
        self.assertEqual(wider["scrolls"], 0, wider["beyond"])

    def test_on_a_phone_a_finger_hits_every_control(self):
        page = self._full_page(width=390)
        self.assertEqual(page.run(_SMALL), [])

    def test_light_and_dark_have_readable_contrast(self):
        page = self._full_page(width=1200)
        for scheme in ("light", "dark"):
            media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            self.assertEqual(page.run("return matchMedia('(prefers-color-scheme: dark)').matches"), scheme == "dark")
            self.assertEqual(page.run(_CONTRASTS), [], f"in {scheme}")

    def test_every_control_has_a_name_for_those_who_hear_the_page(self):
        page = self._full_page(width=1200)
        page.driver.execute_cdp_cmd("Accessibility.enable", {})
        nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        controls = [node for node in nodes if node.get("role", {}).get("value") in _UNNAMED]
        nameless = [node for node in controls if not node.get("name", {}).get("value", "").strip()]
        self.assertGreater(len(controls), 3, "there is a form and a button for each session")
        self.assertEqual(nameless, [])

    def _full_page(self, width):
        service = self.service()
        service.create("build", ["make", "-j2"])
        service.create(_LONG[:100], [_LONG])
        ended = service.create("ended")
        service.ask(f"/api/sessions/{ended}", "PATCH", {"status": "exited"})
        screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        self.browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.addCleanup(self.browser.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})
        page = self.open(service)
        page.expect_state("live")
        page.expect_same_list(service)
        return page
