import { RootContext as PublishedRootContext } from "@solo-io/proxy-runtime/assembly/index";
import { BufferTypeValues, get_buffer_bytes } from "@solo-io/proxy-runtime/assembly/runtime";

export class RootContext extends PublishedRootContext {
  private pluginConfiguration: string = "";

  getConfiguration(): string {
    return this.pluginConfiguration;
  }

  onConfigure(configuration_size: u32): bool {
    this.pluginConfiguration =
      configuration_size == 0
        ? ""
        : String.UTF8.decode(get_buffer_bytes(BufferTypeValues.PluginConfiguration, 0, configuration_size));
    return true;
  }
}
