import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds the modules anew: the compilers find out what has changed. */
export default function setup(): void {
  execFileSync("bash", [join(import.meta.dirname, "build.sh")], { stdio: "inherit" });
}
