// Reads [{event, payload}] from its input and checks each payload against GitHub's schema of that event.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const schema = createRequire(import.meta.url)("@octokit/webhooks-schemas");
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(schema, "webhooks");

let wrong = 0;
for (const { event, payload } of JSON.parse(readFileSync(0, "utf8"))) {
  const name = payload.action ? `${event}$${payload.action}` : `${event}$event`;
  const validate = ajv.getSchema(`webhooks#/definitions/${name}`) ?? ajv.getSchema(`webhooks#/definitions/${event}_event`);
  if (!validate) throw new Error(`no schema for ${name}`);
  if (validate(payload)) continue;
  wrong++;
  console.error(`${name}:`);
  for (const error of validate.errors.slice(0, 20)) console.error(`  ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
process.exit(wrong ? 1 : 0);
