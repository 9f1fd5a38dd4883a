import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

/** A gateway of one process whose kernels fail at the cell `fails`. */
export interface ScriptedGateway {
  readonly url: string;
  /** KERNEL_IMAGE of each kernel that was started. */
  readonly images: readonly string[];
  stop(): void;
}

/** @param image what its kernelspec names */
export async function scriptedGateway(image: string): Promise<ScriptedGateway> {
  const images: string[] = [];
  const server: Server = createServer((request, response) => {
    const spec = { name: "qubits", spec: { metadata: { process_proxy: { config: { image_name: image } } } } };
    let body = "";
    request.on("data", (data) => (body += data));
    request.on("end", () => {
      if (request.method === "POST") images.push(JSON.parse(body).env.KERNEL_IMAGE);
      response.statusCode = { GET: 200, POST: 201, DELETE: 204 }[request.method ?? "GET"] ?? 404;
      response.end(request.method === "GET" ? JSON.stringify(spec) : undefined);
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { header, content } = JSON.parse(String(data));
      const send = (type: string, answer: object) =>
        socket.send(JSON.stringify({ header: { msg_type: type }, parent_header: header, content: answer }));
      const error = { status: "error", ename: "ValueError", evalue: "no", traceback: ["ValueError: no"] };
      send("execute_reply", content.code === "fails" ? error : { status: "ok" });
      send("status", { execution_state: "idle" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    images,
    stop: () => {
      sockets.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
