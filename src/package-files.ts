import { existsSync } from "node:fs";
import { join } from "node:path";

// `src/x.ts` in the repository and `dist/x.js` in the published package are equally deep.
const PACKAGE_ROOT = join(import.meta.dirname, "..");

/** The path of a file that the package ships, such as `asconfig.json` or `envoy/envoy.yaml`. */
export function packageFile(path: string): string {
  const file = join(PACKAGE_ROOT, path);
  if (!existsSync(file)) throw new Error(`the package lacks its own file ${path}`);
  return file;
}
