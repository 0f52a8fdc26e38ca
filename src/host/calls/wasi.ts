import type { ByteString } from "../bytes.ts";
import { encodeUtf8, fromBytes } from "../bytes.ts";
import type { Vm } from "../vm.ts";
import type { CallTable } from "./table.ts";

// WASI as Envoy has it: proxy-wasm-cpp-host's exports.cc. Files and sockets are refused, output is logged.

const SUCCESS = 0;
const Errno = { BADF: 8, NOTDIR: 20, FAULT: 21, INVAL: 28, NOENT: 44, NOSYS: 52, NOTSUP: 58 } as const;
const { BADF, NOTDIR, FAULT, INVAL, NOTSUP } = Errno;
/** What a call answers that the capability restriction denies. */
export const NOT_CAPABLE = 76;
const MAX_RANDOM = 64 * 1024;

/** Calls that Envoy has for the sake of modules that import them: each answers that error, and nothing else. */
export const refusedWasi = {
  fd_fdstat_set_flags: "NOSYS",
  fd_filestat_get: "BADF",
  fd_pread: "NOSYS",
  fd_prestat_dir_name: "NOSYS",
  fd_prestat_get: "BADF",
  fd_read: "NOSYS",
  fd_readdir: "NOTDIR",
  fd_renumber: "BADF",
  path_create_directory: "NOTSUP",
  path_filestat_get: "NOTSUP",
  path_filestat_set_times: "NOTSUP",
  path_link: "NOTSUP",
  path_open: "NOENT",
  path_readlink: "NOTSUP",
  path_remove_directory: "NOTSUP",
  path_rename: "NOTSUP",
  path_symlink: "NOTSUP",
  path_unlink_file: "NOTSUP",
  sock_accept: "NOTSUP",
  sock_recv: "NOTSUP",
  sock_send: "NOTSUP",
  sock_shutdown: "NOTSUP",
} as const satisfies Record<string, keyof typeof Errno>;

/** Calls that say that they did it, and do nothing. */
export const idleWasi: ReadonlySet<string> = new Set([
  "args_get",
  "fd_advise",
  "fd_allocate",
  "fd_close",
  "fd_datasync",
  "fd_fdstat_set_rights",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
  "fd_seek",
  "fd_sync",
  "proc_exit",
  "sched_yield",
]);

const refuse = (errno: number) => () => errno;
const isOutput = (fd: number): boolean => fd === 1 || fd === 2;
const forOutput = (_vm: Vm, fd: number): number => (isOutput(fd) ? SUCCESS : BADF);

function write(vm: Vm, fd: number, vectors: number, count: number, writtenAt: number): number {
  if (!isOutput(fd)) return BADF;
  let text: ByteString = "";
  for (let i = 0; i < count >>> 0; i++) {
    const at = vm.memory.readU32(vectors + 8 * i);
    const size = vm.memory.readU32(vectors + 8 * i + 4);
    if (at === undefined || size === undefined) return FAULT;
    const part = size === 0 ? "" : vm.memory.read(at, size);
    if (part === undefined) return FAULT;
    text += part;
  }
  const level = fd === 1 ? ("info" as const) : ("error" as const);
  if (text !== "" && (fd === 1 ? 2 : 4) >= vm.services.logLevel()) {
    vm.services.log(level, vm.logPrefix, text.replace(/\n$/, ""));
  }
  return vm.memory.writeU32(writtenAt, text.length) ? SUCCESS : FAULT;
}

function environment(vm: Vm): ByteString[] {
  return Object.entries(vm.options.environment).map(([name, value]) => encodeUtf8(`${name}=${value}\0`));
}

/** Fills memory one after the other; FAULT where a place is not in memory. */
const all = (...written: boolean[]): number => (written.every(Boolean) ? SUCCESS : FAULT);

/** For what is not supported: nothing was read or sent, where there is a place to say so. */
const none = (isWritten: boolean): number => (isWritten ? NOTSUP : FAULT);

export const wasiCalls: CallTable = {
  args_get: refuse(SUCCESS),
  args_sizes_get: (vm: Vm, countAt: number, sizeAt: number) =>
    all(vm.memory.writeU32(countAt, 0), vm.memory.writeU32(sizeAt, 0)),
  environ_get(vm: Vm, arrayAt: number, textAt: number) {
    for (const variable of environment(vm)) {
      if (!vm.memory.writeU32(arrayAt, textAt) || !vm.memory.write(textAt, variable)) return FAULT;
      arrayAt += 4;
      textAt += variable.length;
    }
    return SUCCESS;
  },
  environ_sizes_get(vm: Vm, countAt: number, sizeAt: number) {
    const variables = environment(vm);
    return all(vm.memory.writeU32(countAt, variables.length), vm.memory.writeU32(sizeAt, variables.join("").length));
  },
  clock_time_get: (vm: Vm, clock: number, _precision: bigint, at: number) =>
    clock === 0 || clock === 1 ? all(vm.memory.writeU64(at, vm.services.now())) : NOTSUP,
  clock_res_get: (vm: Vm, clock: number, at: number) =>
    clock === 0 || clock === 1 ? all(vm.memory.writeU64(at, 1n)) : NOTSUP,
  random_get(vm: Vm, at: number, size: number) {
    if (size >>> 0 > MAX_RANDOM) return INVAL;
    return all(vm.memory.write(at, fromBytes(vm.services.random(size >>> 0))));
  },
  sched_yield: refuse(SUCCESS),
  poll_oneoff: (vm: Vm, _in: number, _out: number, _count: number, eventsAt: number) =>
    all(vm.memory.writeU32(eventsAt, 0)),
  /** Envoy logs it and goes on; a compiler puts a trap behind it. */
  proc_exit: () => {},

  ...Object.fromEntries(Object.entries(refusedWasi).map(([name, errno]) => [name, refuse(Errno[errno])])),
  fd_write: write,
  fd_pwrite: (vm: Vm, fd: number, vectors: number, count: number, _offset: bigint, writtenAt: number) =>
    write(vm, fd, vectors, count, writtenAt),
  fd_fdstat_get(vm: Vm, fd: number, at: number) {
    if (!isOutput(fd)) return BADF;
    vm.memory.write(at, `${"\0".repeat(8)}\x40${"\0".repeat(15)}`); // rights: to write. Whether it fits is not looked at
    return SUCCESS;
  },
  fd_seek: refuse(SUCCESS),
  fd_close: refuse(SUCCESS),
  fd_advise: refuse(SUCCESS),
  fd_allocate: forOutput,
  fd_datasync: forOutput,
  fd_sync: forOutput,
  fd_fdstat_set_rights: forOutput,
  fd_filestat_set_size: forOutput,
  fd_filestat_set_times: forOutput,
  fd_renumber: (_vm: Vm, from: number, to: number) => (isOutput(from) && isOutput(to) ? NOTSUP : BADF),
  fd_readdir: (vm: Vm, _fd: number, _at: number, _size: number, _cookie: bigint, usedAt: number) =>
    vm.memory.writeU32(usedAt, 0) ? NOTDIR : FAULT,
  fd_tell: (vm: Vm, fd: number, at: number) => (isOutput(fd) ? all(vm.memory.writeU64(at, 0n)) : BADF),
  path_readlink: (vm: Vm, _fd: number, _at: number, _size: number, _to: number, _max: number, sizeAt: number) =>
    none(vm.memory.writeU32(sizeAt, 0)),
  sock_accept: (vm: Vm, _fd: number, _flags: number, at: number) => none(vm.memory.writeU64(at, 0n)),
  sock_recv: (vm: Vm, _fd: number, _at: number, _count: number, _flags: number, sizeAt: number, flagsAt: number) =>
    none(vm.memory.writeU32(sizeAt, 0) && vm.memory.write(flagsAt, "\0\0")),
  sock_send: (vm: Vm, _fd: number, _at: number, _count: number, _flags: number, sizeAt: number) =>
    none(vm.memory.writeU32(sizeAt, 0)),
};
