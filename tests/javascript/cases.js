// The cases that Python wrote for a folder of tests. CONVOLUTION_CASES names a folder of fresh ones.
import { readFileSync } from "node:fs";

/** What `write_cases.py` of the folder `stem` wrote. */
export function casesOf(stem) {
  const fresh = process.env.CONVOLUTION_CASES;
  const path = fresh ? `${fresh}/${stem}.json` : new URL(`${stem}/cases.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8"));
}
