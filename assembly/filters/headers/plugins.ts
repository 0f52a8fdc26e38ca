import { Plugin } from "filterwright/assembly/filters/headers/plugin";
import { IdTable } from "filterwright/assembly/runtime/id-table";

/** The configurations that share this VM, by the ids of their root contexts, and whose each stream is. */
export class Plugins {
  /** The only one; null where there is none, and where there are several. */
  private only: Plugin | null = null;
  private onlyRoot: u32 = 0;
  private readonly roots: u32[] = [];
  private readonly plugins: Plugin[] = [];
  /** Streams that began when there were several. */
  private readonly streams: IdTable = new IdTable();
  private streamCount: i32 = 0;
  /** Whether the host tells of contexts: an allow-list of capabilities may keep it from that. */
  private isTold: bool = false;

  onContextCreate(context: u32, root: u32): void {
    this.isTold = true;
    if (root == 0 || this.plugins.length < 2) return;
    const plugin = this.ofRoot(root);
    if (plugin === null) return;
    this.streams.add(context, plugin);
    this.streamCount++;
  }

  /** Whether a configuration can be told apart from those that are there, or need not. */
  mayAdd(root: u32, digest: u32): bool {
    return this.isTold || this.plugins.length == 0 || this.roots[0] == root || this.plugins[0].digest == digest;
  }

  /** A root context has a configuration: its first, or another. */
  set(root: u32, plugin: Plugin): void {
    const at = this.roots.indexOf(root);
    if (at >= 0) {
      this.plugins[at].flush();
      plugin.before = this.plugins[at];
      this.plugins[at] = plugin;
    } else {
      this.roots.push(root);
      this.plugins.push(plugin);
    }
    this.choose();
  }

  ofRoot(root: u32): Plugin | null {
    const at = this.roots.indexOf(root);
    return at < 0 ? null : this.plugins[at];
  }

  ofStream(stream: u32): Plugin | null {
    const only = this.only;
    return only !== null ? only : this.amongSeveral(stream);
  }

  /** A stream that is not noted began when one root was there: contexts are numbered in the order in which they are made. */
  private amongSeveral(stream: u32): Plugin | null {
    const noted = this.streams.find(stream);
    if (noted !== null) return changetype<Plugin>(noted);
    let newest: u32 = 0;
    for (let i = 0; i < this.roots.length; i++) if (this.roots[i] < stream) newest = max(newest, this.roots[i]);
    return this.ofRoot(newest);
  }

  onDelete(context: u32): void {
    const only = this.only;
    if (only === null || context == this.onlyRoot || this.streamCount > 0) this.onDeleteAmongSeveral(context);
    else only.onDelete(context);
  }

  private onDeleteAmongSeveral(context: u32): void {
    const at = this.roots.indexOf(context);
    if (at < 0) {
      const plugin = this.ofStream(context);
      if (plugin !== null) plugin.onDelete(context);
      if (this.streams.find(context) === null) return;
      this.streams.remove(context);
      this.streamCount--;
      return;
    }
    const plugin = this.plugins[at];
    plugin.flush();
    this.plugins.splice(at, 1);
    this.roots.splice(at, 1);
    this.choose();
    plugin.free();
  }

  private choose(): void {
    const isOnly = this.plugins.length == 1;
    this.only = isOnly ? this.plugins[0] : null;
    this.onlyRoot = isOnly ? this.roots[0] : 0;
  }
}
