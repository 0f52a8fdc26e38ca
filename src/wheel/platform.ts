/** As Node names it; a Linux without glibc, such as Alpine's, is another platform to a wheel. */
export function thisPlatform(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const libc = process.platform === "linux" && !header?.glibcVersionRuntime ? "-musl" : "";
  return `${process.platform}-${process.arch}${libc}`;
}
