import { type ByteString, decodeUtf8, toBytes } from "./bytes.ts";
import { undefinedInEnvoy } from "./undefined.ts";

/**
 * The cluster that an `envoy.config.core.v3.GrpcService` names by `envoy_grpc.cluster_name`.
 *
 * @param bytes the message in Protocol Buffers' wire format @returns undefined where they are no such message
 */
export function grpcCluster(bytes: ByteString): string | undefined {
  const service = fields(bytes);
  if (service?.length === 0) undefinedInEnvoy("a gRPC service is given that has no target");
  const envoyGrpc = service?.find(({ number }) => number === 1)?.value;
  const name = envoyGrpc === undefined ? undefined : fields(envoyGrpc)?.find(({ number }) => number === 1)?.value;
  return name === undefined ? undefined : decodeUtf8(name);
}

/** The fields of a message that have a length; undefined where it is none. */
function fields(message: ByteString): { number: number; value: ByteString }[] | undefined {
  const bytes = toBytes(message);
  const found: { number: number; value: ByteString }[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const size = { 0: 0, 1: 8, 2: NaN, 5: 4 }[tag % 8];
    if (tag < 8 || size === undefined) return undefined;
    if (tag % 8 === 0) varint();
    else {
      const length = tag % 8 === 2 ? varint() : size;
      if (!(at + length <= bytes.length)) return undefined;
      if (tag % 8 === 2) found.push({ number: Math.floor(tag / 8), value: message.slice(at, at + length) });
      at += length;
    }
  }
  return found;
}
