// smuggling.mjs: what must not be two requests, or another one than it says (security.md, E3), for any address of ours: [name, bytes] each.

const form = 'Content-Type: application/x-www-form-urlencoded', close = 'Connection: close';

/** About where a request ends. HOST: the header line of the right host; ACTION: a path that takes a POST of BODY; HIDDEN: what is smuggled. */
export const lengthTricks = ({ host, action, body, hidden }) => {
  const post = (headers, content = '') => `POST ${action} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${content}`;
  const chunked = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  return [
    ['length and chunked', post([host, form, `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'], chunked(body))],
    ['chunked and length', post([host, form, 'Transfer-Encoding: chunked', 'Content-Length: 4'], `${chunked(body)}${hidden}`)],
    ['a length of 0 and chunked', post([host, form, 'Content-Length: 0', 'Transfer-Encoding: chunked'], chunked(body) + hidden)],
    ['chunked twice', post([host, form, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunked(body))],
    ['chunked, identity', post([host, form, 'Transfer-Encoding: chunked, identity'], chunked(body))],
    ['identity, chunked', post([host, form, 'Transfer-Encoding: identity, chunked'], chunked(body))],
    ['xchunked', post([host, form, 'Transfer-Encoding: xchunked'], chunked(body))],
    ['chunked after a vertical tab', post([host, form, 'Transfer-Encoding: \x0bchunked'], chunked(body))],
    ['chunked in quotes', post([host, form, 'Transfer-Encoding: "chunked"'], chunked(body))],
    ['gzip, chunked', post([host, form, 'Transfer-Encoding: gzip, chunked'], chunked(body))],
    ['a length twice, the same', post([host, form, `Content-Length: ${body.length}`, `Content-Length: ${body.length}`], body)],
    ['a length twice, another', post([host, form, `Content-Length: ${body.length}`, 'Content-Length: 0'], body + hidden)],
    ['two lengths in a line', post([host, form, `Content-Length: ${body.length}, ${body.length}`], body)],
    ...['+4', '-4', '0x4', '4 4', '4a', ' 4;', '', '1e1', '18446744073709551616', '9223372036854775808', '4\u0000'].map((value) => [`a length of ${JSON.stringify(value)}`, post([host, form, `Content-Length: ${value}`], body)]),
    ['a space before the colon', post([host, form, `Content-Length : ${body.length}`], body)],
    ['a space before the colon of chunked', post([host, form, 'Transfer-Encoding : chunked'], chunked(body))],
    ['a tab before the colon', post([host, form, `Content-Length\t: ${body.length}`], body)],
    ['a line that is folded', post([host, form, 'Transfer-Encoding:', ' chunked'], chunked(body))],
    ['a chunk of -1', post([host, form, 'Transfer-Encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`)],
    ['a chunk without a length', post([host, form, 'Transfer-Encoding: chunked'], `\r\n${body}\r\n0\r\n\r\n`)],
    ['a chunk that is longer than it says', post([host, form, 'Transfer-Encoding: chunked'], `4\r\n${body}\r\n0\r\n\r\n`)],
    ['a chunk of 2^64', post([host, form, 'Transfer-Encoding: chunked'], `10000000000000000\r\n${body}\r\n0\r\n\r\n`)],
    ['a chunk in hexadecimal with 0x', post([host, form, 'Transfer-Encoding: chunked'], `0x4\r\nabcd\r\n0\r\n\r\n`)],
    ['a body with neither length nor chunks', post([host, form, close], body)],
    ['chunked in HTTP/1.0', post([host, form, 'Transfer-Encoding: chunked'], chunked(body)).replace('HTTP/1.1', 'HTTP/1.0')],
  ];
};

/** About lines and headers. */
export const lineTricks = ({ host, action, body }) => {
  const post = (headers, content = '') => `POST ${action} HTTP/1.1\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${content}`;
  const get = (path, headers = [host, close], version = 'HTTP/1.1') => `GET ${path} ${version}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;
  return [
    ['no host', get('/', [close])],
    ['an empty host', get('/', ['Host:', close])],
    ['two hosts', get('/', [host, 'Host: evil.example', close])],
    ['another host', get('/', ['Host: evil.example', close])],
    ['a host with a slash', get('/', ['Host: 127.0.0.1/evil', close])],
    ['a host with a space', get('/', ['Host: 127.0.0.1 evil.example', close])],
    ['a host with a NUL', get('/', ['Host: 127.0.0.1\u0000', close])],
    ['an absolute address of another host', get('http://evil.example/', [host, close])],
    ['an absolute address of another host, with ours as user', get(`http://${host.replace('Host: ', '')}@evil.example/`, [host, close])],
    ['an absolute https address', get('https://evil.example/', [host, close])],
    ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n\r\n`],
    ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n\r\n`],
    ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
    ['a method in lower case', `get / HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
    ['a method with a NUL', `GE\u0000T / HTTP/1.1\r\n${host}\r\n${close}\r\n\r\n`],
    ['HTTP/2.0', get('/', [host, close], 'HTTP/2.0')],
    ['HTTP/11', get('/', [host, close], 'HTTP/11')],
    ['hTTP/1.1', get('/', [host, close], 'hTTP/1.1')],
    ['a header with a NUL', get('/', [host, 'X-A: a\u0000b', close])],
    ['a header without a name', get('/', [host, ': a', close])],
    ['a header without a colon and a body', post([host, form, 'Content-Length'], body)],
    ['a bare carriage return in a header', get('/', [host, `X-A: a\rTransfer-Encoding: chunked`, close])],
    ['a line of 9 KB', get(`/${'a'.repeat(9 * 1024)}`)],
    ['a line of 100 KB', get(`/${'a'.repeat(100 * 1024)}`)],
    ['a header of 9 KB', get('/', [host, `X-A: ${'a'.repeat(9 * 1024)}`, close])],
    ['40 KB of headers', get('/', [host, ...Array.from({ length: 40 }, (_, i) => `X-${i}: ${'a'.repeat(1000)}`), close])],
    ['20,000 headers', get('/', [host, ...Array.from({ length: 20000 }, (_, i) => `X-${i}: a`), close])],
    ['a flood of one header', get('/', [host, ...Array.from({ length: 5000 }, () => 'Cookie: a=b'), close])],
    ['TLS to a plain port', Buffer.from('16030100a5010000a10303', 'hex')],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a line of PROXY', `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${get('/')}`],
  ];
};
