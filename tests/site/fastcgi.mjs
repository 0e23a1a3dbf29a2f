// fastcgi.mjs: a request to intake's own socket, as no nginx would send it (FastCGI 1.0, one request a connection).
import net from 'node:net';
import { readAnswer } from '../harness.mjs';

const BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, RESPONDER = 1;

const record = (type, content) => {
  const head = Buffer.alloc(8);
  head.writeUInt8(1, 0);
  head.writeUInt8(type, 1);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(content.length, 4);
  return Buffer.concat([head, content]);
};

const stream = (type, content) => {
  const records = [];
  for (let at = 0; at < content.length; at += 65535) records.push(record(type, content.subarray(at, at + 65535)));
  return Buffer.concat([...records, record(type, Buffer.alloc(0))]);
};

const length = (count) => {
  const out = Buffer.alloc(count < 128 ? 1 : 4);
  if (count < 128) out.writeUInt8(count);
  else out.writeUInt32BE((count | 0x80000000) >>> 0);
  return out;
};

const pair = (name, value) => {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([length(name.length), length(bytes.length), Buffer.from(name), bytes]);
};

/** Sends PARAMS (values are bytes, written as latin1) and BODY; gives the answer like readAnswer, its status from "Status:". */
export const fastcgi = (socketPath, params, body = Buffer.alloc(0)) => new Promise((done, fail) => {
  const bytes = Buffer.concat([
    record(BEGIN, Buffer.from([0, RESPONDER, 0, 0, 0, 0, 0, 0])),
    stream(PARAMS, Buffer.concat(Object.entries(params).map(([name, value]) => pair(name, value)))),
    stream(STDIN, Buffer.from(body)),
  ]);
  const parts = [];
  const socket = net.connect(socketPath, () => socket.write(bytes));
  socket.setTimeout(20000, () => socket.destroy(new Error('time-out')));
  socket.on('data', (part) => parts.push(part));
  socket.on('error', fail);
  socket.on('close', () => {
    const got = Buffer.concat(parts), out = [];
    let hasEnded = false;
    for (let at = 0; at + 8 <= got.length;) {
      const content = got.readUInt16BE(at + 4), type = got.readUInt8(at + 1);
      if (type === STDOUT) out.push(got.subarray(at + 8, at + 8 + content));
      hasEnded = hasEnded || type === END;
      at += 8 + content + got.readUInt8(at + 6);
    }
    const answer = readAnswer(Buffer.concat([Buffer.from('HTTP/1.1 0\r\n'), ...out]));
    done({ ...answer, status: Number(answer.headers.status?.split(' ')[0] ?? 0), hasEnded });
  });
});
