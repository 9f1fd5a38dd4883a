import { runCommands } from "../../../sandbox/engine/command/commands.ts";
import { serveAsPlugin } from "./provider-server.ts";

/**
 * A stand-in for the plugin of the Command package, which no package registry serves. It really runs the
 * commands of `command:local:Command` and `command:remote:Command`; it copies no files.
 */
serveAsPlugin("command", runCommands());
