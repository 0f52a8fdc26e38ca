// schemas/headers.schema.json, for editors, against the filter's own reader.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkConfiguration } from "../../src/rules/check-module.ts";
import { projectRoot } from "../guest-module.ts";
import { configuration, mutated } from "./configurations.ts";

const schema = JSON.parse(readFileSync(join(projectRoot, "schemas/headers.schema.json"), "utf8")) as object;
const fits = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

/** What no schema can say: what depends on several places, or on the grammar of templates and regular expressions. */
const BEYOND_SCHEMA = [
  /^not a regular expression: /,
  / may (not )?be (written|changed|removed)/,
  /, in "/,
  /^expected a name that no other rule has/,
  /^expected a number from 0 to 100 with at most two decimals/,
  /^a rule that asks for something of the response has no request/,
  /^set-cookie has one cookie a line/,
  /^expected a range of addresses/,
  /^expected a status/,
  /^expected each name once/,
  /^expected a value without a semicolon/,
  /^expected a host without port/,
  /^expected one of strict-transport-security/,
  /^expected a text to match/,
];

test("what the filter takes the schema takes, and what it refuses the schema refuses, as far as a schema can tell", () => {
  const seen = { taken: 0, refused: 0, beyond: 0 };
  fc.assert(
    fc.property(fc.oneof(configuration, mutated(configuration)), (document) => {
      const { problems } = checkConfiguration(JSON.stringify(document));
      const fitsSchema = fits(document);
      if (problems.length === 0) {
        seen.taken++;
        expect(fits.errors ?? []).toEqual([]);
        return;
      }
      const plain = problems.filter(({ message }) => !BEYOND_SCHEMA.some((form) => form.test(message)));
      if (plain.length === 0) seen.beyond++;
      else seen.refused++;
      if (plain.length > 0 && fitsSchema) expect(plain).toEqual([]);
    }),
    { numRuns: 5000, seed: Number(process.env["SEED"] ?? 7) },
  );
  expect(seen.taken).toBeGreaterThan(300);
  expect(seen.refused).toBeGreaterThan(1000);
});
