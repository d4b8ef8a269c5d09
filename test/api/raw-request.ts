import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/**
 * Sends these very bytes: a Host, an Origin or a body that no well-mannered client would send. With `hangsUp` nothing
 * more can come, however long the body was said to be.
 */
export async function rawRequest(
  url: string,
  head: readonly string[],
  body = "",
  { hangsUp = false } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setEncoding("utf8");
  let text = "";
  socket.on("data", (chunk: string) => (text += chunk));
  await once(socket, "connect");
  socket.write(`${[...head, "connection: close"].join("\r\n")}\r\n\r\n${body}`);
  if (hangsUp) socket.end();
  await once(socket, "close");
  const [headers = "", ...rest] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1]),
    headers: headers.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}
