"""Evaluates published feature files with Unleash's own client, without a server.

Reads questions.json in the working directory and writes answers.json: for each question a list with, for each
context, no variant, the value and no reason.
"""

import json
import os
from pathlib import Path

from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache


def evaluate(client, question, context):
    known = {} if context.get("key") is None else {"userId": context["key"]}
    return [None, json.dumps(client.is_enabled(question["flag"], known)), None]


def main():
    with open("questions.json", encoding="utf-8") as file:
        questions = json.load(file)
    answers = []
    for index, question in enumerate(questions):
        cache = FileCache(f"features-{index}", directory="cache")
        cache.bootstrap_from_file(Path(question["file"]))
        client = UnleashClient(
            url="http://127.0.0.1:9/api",
            app_name="tidegate-tests",
            instance_id=str(index),
            disable_metrics=True,
            disable_registration=True,
            cache=cache,
        )
        client.initialize_client(fetch_toggles=False)
        answers.append([evaluate(client, question, context) for context in question["contexts"]])
    with open("answers.json", "w", encoding="utf-8") as file:
        json.dump(answers, file)
    # The clients' schedulers would be waited for.
    os._exit(0)


main()
