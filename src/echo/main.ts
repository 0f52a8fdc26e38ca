// The echo upstream as a program: `npm run echo`, and the upstream of docker-compose.yml.
// ECHO_HOST, ECHO_PORT and ECHO_CONTROL_PORT say where it listens.
import { startEcho } from "./server.ts";

const { ECHO_HOST = "127.0.0.1", ECHO_PORT = "10080", ECHO_CONTROL_PORT = "10081" } = process.env;

const close = await startEcho({
  host: ECHO_HOST,
  port: Number(ECHO_PORT),
  controlPort: Number(ECHO_CONTROL_PORT),
}).then(
  (echo) => {
    console.log(
      `echo upstream on http://${ECHO_HOST}:${echo.port}, its control on http://${ECHO_HOST}:${echo.controlPort}`,
    );
    return echo.close;
  },
  (error: NodeJS.ErrnoException & { port?: number }) => {
    const at = `${ECHO_HOST}:${error.port ?? `${ECHO_PORT} and ${ECHO_CONTROL_PORT}`}`;
    const code = error.code === "EADDRINUSE" ? "FW_PORT_BUSY" : "FW_USAGE";
    console.error(`error ${code}: the echo upstream cannot listen on ${at}: ${error.message}`);
    console.error("ECHO_HOST, ECHO_PORT and ECHO_CONTROL_PORT say where it listens.");
    process.exit(1);
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(0)));
