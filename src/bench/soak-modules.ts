import { buildGuest, compileGuest } from "./modules.ts";
import { SOAK_RULES } from "./rules-variants.ts";

export interface SoakModule {
  name: string;
  file: string;
  /** Whether it is about bodies: each request has one. */
  hasBodies?: true;
  /** The plugin's. Default: a text that it takes no notice of. */
  configuration?: string;
}

/** What is soaked: each heap that modules come with, under a filter that writes and one that reads. */
export async function soakModules(root: string): Promise<SoakModule[]> {
  return [
    { name: "reference job", file: await buildGuest(root, "bench/guest/reference-all.ts") },
    { name: "reading job", file: await buildGuest(root, "bench/guest/read.ts") },
    { name: "reading job, plain asc", file: await compileGuest(root, "read") },
    { name: "rules", file: await buildGuest(root, "headers"), configuration: JSON.stringify(SOAK_RULES) },
    { name: "bodies", hasBodies: true, file: await buildGuest(root, "bench/guest/body.ts") },
    { name: "bodies, minimal", hasBodies: true, file: await buildGuest(root, "bench/guest/body-minimal.ts") },
    { name: "bodies, minimal, plain asc", hasBodies: true, file: await compileGuest(root, "body-minimal") },
  ];
}
