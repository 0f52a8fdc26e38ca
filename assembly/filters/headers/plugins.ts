import { Plugin } from "filterwright/assembly/filters/headers/plugin";
import { IdTable } from "filterwright/assembly/runtime/id-table";

/** The configurations that share this VM, and whose each stream is. */
export class Plugins {
  /** They are chained, the newest first. */
  private newest: Plugin | null = null;
  /** The only one; null where there is none, and where there are several. */
  private only: Plugin | null = null;
  /** Streams that began when there were several. */
  private readonly streams: IdTable = new IdTable();
  private streamCount: i32 = 0;
  /** Whether the host tells of contexts: an allow-list of capabilities may keep it from that. */
  private isTold: bool = false;

  onContextCreate(context: u32, root: u32): void {
    this.isTold = true;
    if (root == 0 || this.only !== null) return;
    const plugin = this.ofRoot(root);
    if (plugin === null) return;
    this.streams.add(context, plugin);
    this.streamCount++;
  }

  /** Whether a configuration can be told apart from those that are there, or need not. */
  mayAdd(root: u32, digest: u32): bool {
    const newest = this.newest;
    return this.isTold || newest === null || newest.root == root || newest.digest == digest;
  }

  /** A root context has a configuration: its first, or another. */
  set(plugin: Plugin): void {
    const before = this.ofRoot(plugin.root);
    if (before !== null) this.remove(before);
    plugin.before = before;
    plugin.next = this.newest;
    this.newest = plugin;
    this.choose();
  }

  ofRoot(root: u32): Plugin | null {
    let plugin = this.newest;
    while (plugin !== null && plugin.root != root) plugin = plugin.next;
    return plugin;
  }

  ofStream(stream: u32): Plugin | null {
    const only = this.only;
    return only !== null ? only : this.amongSeveral(stream);
  }

  /** A stream that is not noted began when one root was there: contexts are numbered in the order in which they are made. */
  private amongSeveral(stream: u32): Plugin | null {
    const noted = this.streams.find(stream);
    if (noted !== null) return changetype<Plugin>(noted);
    let found: Plugin | null = null;
    for (let plugin = this.newest; plugin !== null; plugin = plugin!.next) {
      if (plugin.root < stream && (found === null || plugin.root > found.root)) found = plugin;
    }
    return found;
  }

  onDelete(context: u32): void {
    const only = this.only;
    if (only === null || context == only.root || this.streamCount > 0) this.onDeleteAmongSeveral(context);
    else only.onDelete(context);
  }

  private onDeleteAmongSeveral(context: u32): void {
    const plugin = this.ofRoot(context);
    if (plugin !== null) {
      this.remove(plugin);
      this.choose();
      plugin.free();
      return;
    }
    const owner = this.ofStream(context);
    if (owner !== null) owner.onDelete(context);
    if (this.streams.find(context) === null) return;
    this.streams.remove(context);
    this.streamCount--;
  }

  /** Takes one out of the chain, with its counts told. */
  private remove(plugin: Plugin): void {
    plugin.flush();
    let newer = this.newest!;
    if (newer === plugin) this.newest = plugin.next;
    else {
      while (newer.next !== plugin) newer = newer.next!;
      newer.next = plugin.next;
    }
  }

  private choose(): void {
    const newest = this.newest;
    this.only = newest !== null && newest.next === null ? newest : null;
  }
}
