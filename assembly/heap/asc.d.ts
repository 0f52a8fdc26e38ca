// For editors: functions that asc generates, and those of the runtime, which are global in AssemblyScript.

declare function __alloc(size: usize): usize;
declare function __free(payload: usize): void;
declare function __new(size: usize, id: u32): usize;
/** Only where the runtime is assembly/heap/regions. */
declare function __newBeside(other: usize, size: usize, id: u32): usize;
declare function __clearCallbackRegion(): void;
/** Only where a test declares it. */
declare const OVERWRITES_FREED: bool;
declare function __renew(address: usize, size: usize): usize;
declare function __collect(): void;
/** Only where the runtime is assembly/heap. */
declare function __collectionDue(): bool;
declare function __visit_globals(cookie: u32): void;
declare function __visit_members(address: usize, cookie: u32): void;
/** Only where a program has one. */
declare function __finalize(address: usize): void;
