// Prints, as JSON, the calls for the operations on standard input: [[operation, conventions], ...].
// tests/coursekit/widgets/test_calls.py runs them.
import { readFileSync } from "node:fs";
import { callsOf } from "../../coursekit/widgets/conventions_switch/calls.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map(([operation, conventions]) => callsOf(operation, conventions))));
