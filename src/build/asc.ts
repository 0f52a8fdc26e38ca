/**
 * The part of asc's programmatic API that we use. Its own declarations bring AssemblyScript's globals into every
 * program that imports them (another `console`, for one), so they stay out.
 */
interface AscHost {
  stdout: { write(text: string): void };
  stderr: { write(text: string): void };
  /** @returns null for a file that is not there */
  readFile(name: string, folder: string): Promise<string | null>;
  writeFile(name: string, contents: Uint8Array | string, folder: string): void;
  /** @returns null for a folder that is not there */
  listFiles(name: string, folder: string): Promise<string[] | null>;
  /** Classes, of which asc makes the objects. */
  transforms: object[];
}

type AscMain = (argv: string[], host: AscHost) => Promise<{ error: Error | null }>;

/** Loads the compiler: about a second, so only when there is something to compile. */
export async function loadAsc(): Promise<AscMain> {
  const specifier: string = "assemblyscript/asc";
  return ((await import(specifier)) as { main: AscMain }).main;
}
