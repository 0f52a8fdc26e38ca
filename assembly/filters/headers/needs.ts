import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { RememberedHeaders } from "filterwright/assembly/filters/headers/remembered-headers";

/** What the rules of a configuration must have beside the message at hand. It is found when they are read. */
export class Needs {
  /** The request as its pass left it, for values of the response. */
  readonly afterRequest: RememberedHeaders = new RememberedHeaders();
  /** The request before any rule. */
  readonly beforeRequest: RememberedHeaders = new RememberedHeaders();
  /** Whether values of the response read that, too. */
  keepsBeforeRequest: bool = false;
  /** The response before any rule. */
  readonly beforeResponse: RememberedHeaders = new RememberedHeaders();
  /** Attributes are read: `proxy_get_property`. */
  property: bool = false;
  /** `proxy_set_property`. */
  setProperty: bool = false;
  /** `random_get`. */
  random: bool = false;
  /** Variables of the VM's environment. */
  readonly environment: string[] = [];

  /** A value reads a header. */
  headers(moment: Moment, name: HeaderName): void {
    if (moment == Moment.AfterRequest) this.afterRequest.need(name);
    else if (moment == Moment.BeforeRequest) this.beforeRequest.need(name);
    else if (moment == Moment.BeforeResponse) this.beforeResponse.need(name);
  }

  describe(to: Description, keepsState: bool): void {
    to.object();
    to.flag("state", keepsState);
    to.flag("property", this.property);
    to.flag("setProperty", this.setProperty);
    to.flag("random", this.random);
    to.key("environment");
    to.array();
    for (let i = 0; i < this.environment.length; i++) to.string(this.environment[i]);
    to.endArray();
    to.endObject();
  }
}
