import { buffersCalls } from "./buffers.ts";
import { foreignCalls } from "./foreign.ts";
import { grpcCalls } from "./grpc.ts";
import { headersCalls } from "./headers.ts";
import { metricsCalls } from "./metrics.ts";
import { outgoingCalls } from "./outgoing.ts";
import { pluginCalls } from "./plugin.ts";
import { sharedCalls } from "./shared.ts";
import { streamsCalls } from "./streams.ts";
import type { CallTable } from "./table.ts";
import { wasiCalls } from "./wasi.ts";

/** Every host call of ABI 0.2.1, and of WASI. */
export const hostCalls: CallTable = {
  ...headersCalls,
  ...buffersCalls,
  ...streamsCalls,
  ...outgoingCalls,
  ...grpcCalls,
  ...sharedCalls,
  ...metricsCalls,
  ...pluginCalls,
  ...foreignCalls,
  ...wasiCalls,
};
