import { packageFile } from "../package-files.ts";

/** The path of the headers filter, which the package ships. */
export function headersModule(): string {
  return packageFile("build/headers.wasm");
}
