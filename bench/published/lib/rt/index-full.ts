// AssemblyScript 0.17 counted references; 0.28 traces them and pins what only the host holds.
// `@solo-io/proxy-runtime` hands memory to the host with the two functions of the old names.
import { __pin, __unpin } from "rt/itcms";

export function __retain(ptr: usize): usize {
  return __pin(ptr);
}

export function __release(ptr: usize): void {
  __unpin(ptr);
}
