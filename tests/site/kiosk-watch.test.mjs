// kiosk-watch.test.mjs: the watch of a kiosk, as its unit says it: it fails when the programs are down, for then they are started anew and in the end the
// machine is; and not while they answer that there is no catalogue that they can read, which no start would mend.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instance, finish, root, test, until } from '../harness.mjs';

const [line] = readFileSync(join(root, 'kiosk-config/systemd/soundings-watch.service'), 'utf8').match(/^ExecStart=.*$/m);
const command = line.match(/^ExecStart=\/bin\/sh -c '([^']*)'$/)[1].replaceAll('$$', '$').replaceAll('%%', '%');
/** What the watch says of an instance; not as patient as in the hall. */
const watch = (port) => new Promise((done) => {
  const changed = command.replace('127.0.0.1:8080', `127.0.0.1:${port}`).replace('--retry 5 --retry-delay 10', '--retry 1 --retry-delay 1');
  assert.equal(changed.split(`:${port}/`).length, 2);
  spawn('/bin/sh', ['-c', changed], { stdio: 'inherit' }).on('exit', done);
});

const instance = await Instance.make({ conf: { mode: 'kiosk' } });
instance.event('--open');
await instance.start();

await test('watch: a kiosk that answers is let be', async () => assert.equal(await watch(instance.port), 0));

await test('watch: so is one that cannot read its catalogue; it shows a page that says so calmly', async () => {
  const manifest = join(instance.dir, 'catalogue/current/manifest'), whole = readFileSync(manifest);
  const kill = () => ['intake', 'kiosk'].forEach((name) => instance.pids(name).filter((pid) => pid !== instance.main(name)).forEach((pid) => process.kill(pid, 'SIGKILL')));
  writeFileSync(manifest, 'x');
  kill();
  await until('no catalogue', async () => (await instance.request('/')).status === 503 && (await instance.request('/kiosk')).status === 503);
  assert.match((await instance.request('/kiosk')).text, /This kiosk is starting/);
  assert.equal(await watch(instance.port), 0);
  writeFileSync(manifest, whole);
  await until('the catalogue', async () => (await instance.request('/kiosk')).status === 200);
});

await test('watch: an error, another page, or nobody at all is not', async () => {
  const http = await import('node:http');
  for (const status of [500, 502, 504, 404]) {
    const server = http.createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
    await until('a server', () => server.listening);
    const { port } = server.address();
    assert.equal(await watch(port), 1, String(status));
    server.close();
    server.closeAllConnections();
    if (status === 404) assert.equal(await watch(port), 1, 'nobody');
  }
});

await finish();
