// Unpacks what the test puts into its memory.

import "filterwright/assembly";

export { unpackStaticData as unpack } from "filterwright/assembly/heap/unpack";
