# SPDX-License-Identifier: Apache-2.0
"""The JSON schema and the reader agree on the corpus.

Good files fit the schema. A bad file says in its first line what the schema makes of it: `rejects` where
the mistake is one of structure, `accepts` where only the reader can know, `cannot read` where the text
is not even TOML. That the reader refuses every one of them is the business of corpus_test.cpp.
"""

import json
import pathlib
import re
import tomllib
import unittest

import jsonschema

SCHEMA = pathlib.Path("scenarios/scenario.schema.json")
REFERENCE = pathlib.Path("docs/scenario.md")
CORPUS = pathlib.Path("sim/scenario/testdata")
VERDICT = re.compile(r"# schema: (rejects|accepts|cannot read)\n")


def objects(schema):
    """Every schema of an object that lists its keys."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


class Schema(unittest.TestCase):
    def setUp(self):
        self.schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self.validator = jsonschema.Draft7Validator(self.schema)

    def errors(self, document):
        return [f"{list(error.path)}: {error.message}" for error in self.validator.iter_errors(document)]

    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(self.schema)

    def test_allows_no_unknown_key_anywhere(self):
        found = list(objects(self.schema))
        self.assertGreater(len(found), 30)
        for schema in found:
            self.assertIs(schema.get("additionalProperties"), False, schema)

    def test_every_key_is_in_the_reference(self):
        text = re.sub(r"^```.*?^```", "", REFERENCE.read_text(encoding="utf-8"), flags=re.M | re.S)
        quoted = " ".join(re.findall(r"`[^`\n]+`", text))
        words = set(re.findall(r"\w+", quoted))
        keys = {key for schema in objects(self.schema) for key in schema["properties"]}
        self.assertEqual(sorted(keys - words), [])

    def test_accepts_every_good_file(self):
        files = sorted(CORPUS.glob("good/*.toml")) + sorted(SCHEMA.parent.rglob("*.toml"))
        self.assertGreater(len(files), 20)
        for file in files:
            with self.subTest(file=str(file)):
                self.assertEqual(self.errors(tomllib.loads(file.read_text(encoding="utf-8"))), [])

    def test_rejects_structural_mistakes_and_only_those(self):
        files = sorted(CORPUS.glob("bad/*.toml"))
        self.assertGreater(len(files), 100)
        for file in files:
            with self.subTest(file=str(file)):
                text = file.read_text(encoding="utf-8")
                verdict = VERDICT.match(text)
                self.assertTrue(verdict, "the first line says what the schema makes of the file")
                self.assertEqual(self.verdict(text), verdict.group(1))

    def verdict(self, text):
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return "cannot read"
        return "rejects" if self.errors(document) else "accepts"


if __name__ == "__main__":
    unittest.main()
