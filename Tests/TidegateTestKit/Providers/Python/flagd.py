"""Evaluates published flag files with OpenFeature's own provider for flagd, offline.

Reads questions.json in the working directory and writes answers.json: for each question a list with, for each
context, the variant, the value and the reason.
"""

import json
import logging
import os

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext


def attributes(flag, bucket):
    """The bucket as the context has it: a level for each part of the name."""
    value = bucket
    for part in reversed(f"rollout.{flag}".split(".")):
        value = {part: value}
    return value


def evaluate(client, question, context):
    flag = question["flag"]
    known = {} if context.get("bucket") is None else attributes(flag, context["bucket"])
    about = EvaluationContext(context.get("key"), known)
    standard = question["codeDefault"]
    if standard in ("true", "false"):
        details = client.get_boolean_details(flag, standard == "true", about)
    else:
        details = client.get_string_details(flag, standard, about)
    if details.error_code is not None:
        raise RuntimeError(f"{question['file']}: {details}")
    value = details.value
    return [details.variant, value if isinstance(value, str) else json.dumps(value), str(details.reason.value)]


def main():
    # A client without a key is asked about on purpose.
    logging.disable(logging.CRITICAL)
    with open("questions.json", encoding="utf-8") as file:
        questions = json.load(file)
    answers = []
    for index, question in enumerate(questions):
        provider = FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=question["file"])
        # The newer SDK waits by default and has no second function.
        getattr(api, "set_provider_and_wait", api.set_provider)(provider, f"file-{index}")
        client = api.get_client(f"file-{index}")
        answers.append([evaluate(client, question, context) for context in question["contexts"]])
    with open("answers.json", "w", encoding="utf-8") as file:
        json.dump(answers, file)
    # Every provider has a thread that looks at its file again; nobody waits for them.
    os._exit(0)


main()
