// Images for a machine that can pull none: `FROM scratch`, one program of this machine and the libraries it needs.
// As a program it makes both and prints the variables for docker-compose.yml:
//
//     export $(node_modules/.bin/node test/compose/stand-in.ts)
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findEnvoy } from "../../src/envoy/find.ts";
import { packageFile } from "../../src/package-files.ts";
import { DockerError, run, tryRun } from "./docker.ts";

/** An image with the Envoy that `findEnvoy` finds, where the official one has it. Gives its name. */
export async function standInForEnvoy(): Promise<string> {
  return standIn("envoy", (await findEnvoy()).path);
}

/** An image with this project's own Node, where the official one has it. Gives its name. */
export async function standInForNode(): Promise<string> {
  return standIn("node", packageFile("node_modules/.bin/node"));
}

/** The name tells the content, so an image is made once and kept. */
function standIn(name: string, program: string): string {
  if (process.platform !== "linux")
    throw new DockerError(
      `an image with this machine's ${name} needs Linux, but this is ${process.platform}\n` +
        `Set ${name.toUpperCase()}_IMAGE to an image that docker has or can pull.`,
    );
  const hash = createHash("sha256").update(readFileSync(program)).digest("hex");
  const image = `filterwright-stand-in-${name}:${hash.slice(0, 12)}`;
  if (!tryRun(["docker", "image", "inspect", image]).ok) makeImage(image, name, realpathSync(program));
  return image;
}

// `docker import`, as it needs no builder: Debian's docker has the old one, others have the new one only.
function makeImage(image: string, name: string, program: string): void {
  const work = mkdtempSync(join(tmpdir(), "filterwright-image-"));
  try {
    const root = join(work, "root");
    copy(program, join(root, "usr/local/bin", name));
    for (const library of librariesOf(program)) copy(library, join(root, library));
    run(["tar", "--create", "--file", join(work, "root.tar"), "--directory", root, "--owner=0", "--group=0", "."]);
    run(["docker", "import", join(work, "root.tar"), image]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The loader among them. Lines of ldd: `libm.so.6 => /lib/libm.so.6 (0x7f...)`, `/lib64/ld-linux.so.2 (0x7f...)`. */
function librariesOf(program: string): string[] {
  return run(["ldd", program]).match(/\/\S+(?= \(0x)/g) ?? [];
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to); // through symbolic links, with its mode
}

if (import.meta.main) {
  console.log(`ENVOY_IMAGE=${await standInForEnvoy()}`);
  console.log(`NODE_IMAGE=${await standInForNode()}`);
}
