// A module that brings a callback itself, and has no class for it.

export { malloc, proxy_abi_version_0_2_1, proxy_on_context_create } from "filterwright/assembly/proxy";
import "filterwright/assembly";

export function proxy_on_request_headers(context_id: u32, headers: u32, end_of_stream: u32): i32 {
  return 0;
}
