/**
 * MD5 (RFC 1321) of short texts. Rows are found by some ten hashes of fifty bytes each; the call into OpenSSL costs four
 * times what the hash itself does (docs/adr/0006-search-index.md). Not for secrets: MD5 never is.
 */

/** Bytes that fit; longer texts are for OpenSSL. Nine are for the mark and the length. */
const LONGEST = 512;
const bytes = new Uint8Array(LONGEST);
/** The same bytes as words; little-endian, as all machines are that Node runs on. */
const M = new Int32Array(bytes.buffer);
const encoder = new TextEncoder();
const state = new Int32Array(2);

/**
 * The first two words of the digest, big-endian as the digest is read; null when the text is too long. The array is the
 * same at every call.
 */
export function md5Head(text: string): Int32Array | null {
  const length = write(text);
  if (length < 0) return null;
  const blocks = ((length + 8) >>> 6) + 1;
  const end = blocks << 6;
  bytes[length] = 0x80;
  bytes.fill(0, length + 1, end);
  M[(end >>> 2) - 2] = length << 3;
  digest(blocks << 4);
  return state;
}

/** Length in UTF-8; -1 when it does not fit. */
function write(text: string): number {
  const { length } = text;
  if (length > LONGEST - 9) return -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return writeOther(text);
    bytes[i] = code;
  }
  return length;
}

function writeOther(text: string): number {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length && written <= LONGEST - 9 ? written : -1;
}

/**
 * All blocks of sixteen words: RFC 1321, 3.4, step by step; the constants are floor(2^32 · |sin i|). Written out, because a
 * call for each step makes it slower than OpenSSL.
 */
function digest(end: number): void {
  let a = 0x67452301;
  let b = -0x10325477;
  let c = -0x67452302;
  let d = 0x10325476;
  let x = 0;
  for (let at = 0; at < end; at += 16) {
    const a0 = a;
    const b0 = b;
    const c0 = c;
    const d0 = d;
    // F: b chooses between c and d
    x = (a + ((b & c) | (~b & d)) + M[at]! - 680876936) | 0;
    a = (((x << 7) | (x >>> 25)) + b) | 0;
    x = (d + ((a & b) | (~a & c)) + M[at + 1]! - 389564586) | 0;
    d = (((x << 12) | (x >>> 20)) + a) | 0;
    x = (c + ((d & a) | (~d & b)) + M[at + 2]! + 606105819) | 0;
    c = (((x << 17) | (x >>> 15)) + d) | 0;
    x = (b + ((c & d) | (~c & a)) + M[at + 3]! - 1044525330) | 0;
    b = (((x << 22) | (x >>> 10)) + c) | 0;
    x = (a + ((b & c) | (~b & d)) + M[at + 4]! - 176418897) | 0;
    a = (((x << 7) | (x >>> 25)) + b) | 0;
    x = (d + ((a & b) | (~a & c)) + M[at + 5]! + 1200080426) | 0;
    d = (((x << 12) | (x >>> 20)) + a) | 0;
    x = (c + ((d & a) | (~d & b)) + M[at + 6]! - 1473231341) | 0;
    c = (((x << 17) | (x >>> 15)) + d) | 0;
    x = (b + ((c & d) | (~c & a)) + M[at + 7]! - 45705983) | 0;
    b = (((x << 22) | (x >>> 10)) + c) | 0;
    x = (a + ((b & c) | (~b & d)) + M[at + 8]! + 1770035416) | 0;
    a = (((x << 7) | (x >>> 25)) + b) | 0;
    x = (d + ((a & b) | (~a & c)) + M[at + 9]! - 1958414417) | 0;
    d = (((x << 12) | (x >>> 20)) + a) | 0;
    x = (c + ((d & a) | (~d & b)) + M[at + 10]! - 42063) | 0;
    c = (((x << 17) | (x >>> 15)) + d) | 0;
    x = (b + ((c & d) | (~c & a)) + M[at + 11]! - 1990404162) | 0;
    b = (((x << 22) | (x >>> 10)) + c) | 0;
    x = (a + ((b & c) | (~b & d)) + M[at + 12]! + 1804603682) | 0;
    a = (((x << 7) | (x >>> 25)) + b) | 0;
    x = (d + ((a & b) | (~a & c)) + M[at + 13]! - 40341101) | 0;
    d = (((x << 12) | (x >>> 20)) + a) | 0;
    x = (c + ((d & a) | (~d & b)) + M[at + 14]! - 1502002290) | 0;
    c = (((x << 17) | (x >>> 15)) + d) | 0;
    x = (b + ((c & d) | (~c & a)) + M[at + 15]! + 1236535329) | 0;
    b = (((x << 22) | (x >>> 10)) + c) | 0;
    // G: d chooses between b and c
    x = (a + ((d & b) | (~d & c)) + M[at + 1]! - 165796510) | 0;
    a = (((x << 5) | (x >>> 27)) + b) | 0;
    x = (d + ((c & a) | (~c & b)) + M[at + 6]! - 1069501632) | 0;
    d = (((x << 9) | (x >>> 23)) + a) | 0;
    x = (c + ((b & d) | (~b & a)) + M[at + 11]! + 643717713) | 0;
    c = (((x << 14) | (x >>> 18)) + d) | 0;
    x = (b + ((a & c) | (~a & d)) + M[at]! - 373897302) | 0;
    b = (((x << 20) | (x >>> 12)) + c) | 0;
    x = (a + ((d & b) | (~d & c)) + M[at + 5]! - 701558691) | 0;
    a = (((x << 5) | (x >>> 27)) + b) | 0;
    x = (d + ((c & a) | (~c & b)) + M[at + 10]! + 38016083) | 0;
    d = (((x << 9) | (x >>> 23)) + a) | 0;
    x = (c + ((b & d) | (~b & a)) + M[at + 15]! - 660478335) | 0;
    c = (((x << 14) | (x >>> 18)) + d) | 0;
    x = (b + ((a & c) | (~a & d)) + M[at + 4]! - 405537848) | 0;
    b = (((x << 20) | (x >>> 12)) + c) | 0;
    x = (a + ((d & b) | (~d & c)) + M[at + 9]! + 568446438) | 0;
    a = (((x << 5) | (x >>> 27)) + b) | 0;
    x = (d + ((c & a) | (~c & b)) + M[at + 14]! - 1019803690) | 0;
    d = (((x << 9) | (x >>> 23)) + a) | 0;
    x = (c + ((b & d) | (~b & a)) + M[at + 3]! - 187363961) | 0;
    c = (((x << 14) | (x >>> 18)) + d) | 0;
    x = (b + ((a & c) | (~a & d)) + M[at + 8]! + 1163531501) | 0;
    b = (((x << 20) | (x >>> 12)) + c) | 0;
    x = (a + ((d & b) | (~d & c)) + M[at + 13]! - 1444681467) | 0;
    a = (((x << 5) | (x >>> 27)) + b) | 0;
    x = (d + ((c & a) | (~c & b)) + M[at + 2]! - 51403784) | 0;
    d = (((x << 9) | (x >>> 23)) + a) | 0;
    x = (c + ((b & d) | (~b & a)) + M[at + 7]! + 1735328473) | 0;
    c = (((x << 14) | (x >>> 18)) + d) | 0;
    x = (b + ((a & c) | (~a & d)) + M[at + 12]! - 1926607734) | 0;
    b = (((x << 20) | (x >>> 12)) + c) | 0;
    // H: parity
    x = (a + (b ^ c ^ d) + M[at + 5]! - 378558) | 0;
    a = (((x << 4) | (x >>> 28)) + b) | 0;
    x = (d + (a ^ b ^ c) + M[at + 8]! - 2022574463) | 0;
    d = (((x << 11) | (x >>> 21)) + a) | 0;
    x = (c + (d ^ a ^ b) + M[at + 11]! + 1839030562) | 0;
    c = (((x << 16) | (x >>> 16)) + d) | 0;
    x = (b + (c ^ d ^ a) + M[at + 14]! - 35309556) | 0;
    b = (((x << 23) | (x >>> 9)) + c) | 0;
    x = (a + (b ^ c ^ d) + M[at + 1]! - 1530992060) | 0;
    a = (((x << 4) | (x >>> 28)) + b) | 0;
    x = (d + (a ^ b ^ c) + M[at + 4]! + 1272893353) | 0;
    d = (((x << 11) | (x >>> 21)) + a) | 0;
    x = (c + (d ^ a ^ b) + M[at + 7]! - 155497632) | 0;
    c = (((x << 16) | (x >>> 16)) + d) | 0;
    x = (b + (c ^ d ^ a) + M[at + 10]! - 1094730640) | 0;
    b = (((x << 23) | (x >>> 9)) + c) | 0;
    x = (a + (b ^ c ^ d) + M[at + 13]! + 681279174) | 0;
    a = (((x << 4) | (x >>> 28)) + b) | 0;
    x = (d + (a ^ b ^ c) + M[at]! - 358537222) | 0;
    d = (((x << 11) | (x >>> 21)) + a) | 0;
    x = (c + (d ^ a ^ b) + M[at + 3]! - 722521979) | 0;
    c = (((x << 16) | (x >>> 16)) + d) | 0;
    x = (b + (c ^ d ^ a) + M[at + 6]! + 76029189) | 0;
    b = (((x << 23) | (x >>> 9)) + c) | 0;
    x = (a + (b ^ c ^ d) + M[at + 9]! - 640364487) | 0;
    a = (((x << 4) | (x >>> 28)) + b) | 0;
    x = (d + (a ^ b ^ c) + M[at + 12]! - 421815835) | 0;
    d = (((x << 11) | (x >>> 21)) + a) | 0;
    x = (c + (d ^ a ^ b) + M[at + 15]! + 530742520) | 0;
    c = (((x << 16) | (x >>> 16)) + d) | 0;
    x = (b + (c ^ d ^ a) + M[at + 2]! - 995338651) | 0;
    b = (((x << 23) | (x >>> 9)) + c) | 0;
    // I
    x = (a + (c ^ (b | ~d)) + M[at]! - 198630844) | 0;
    a = (((x << 6) | (x >>> 26)) + b) | 0;
    x = (d + (b ^ (a | ~c)) + M[at + 7]! + 1126891415) | 0;
    d = (((x << 10) | (x >>> 22)) + a) | 0;
    x = (c + (a ^ (d | ~b)) + M[at + 14]! - 1416354905) | 0;
    c = (((x << 15) | (x >>> 17)) + d) | 0;
    x = (b + (d ^ (c | ~a)) + M[at + 5]! - 57434055) | 0;
    b = (((x << 21) | (x >>> 11)) + c) | 0;
    x = (a + (c ^ (b | ~d)) + M[at + 12]! + 1700485571) | 0;
    a = (((x << 6) | (x >>> 26)) + b) | 0;
    x = (d + (b ^ (a | ~c)) + M[at + 3]! - 1894986606) | 0;
    d = (((x << 10) | (x >>> 22)) + a) | 0;
    x = (c + (a ^ (d | ~b)) + M[at + 10]! - 1051523) | 0;
    c = (((x << 15) | (x >>> 17)) + d) | 0;
    x = (b + (d ^ (c | ~a)) + M[at + 1]! - 2054922799) | 0;
    b = (((x << 21) | (x >>> 11)) + c) | 0;
    x = (a + (c ^ (b | ~d)) + M[at + 8]! + 1873313359) | 0;
    a = (((x << 6) | (x >>> 26)) + b) | 0;
    x = (d + (b ^ (a | ~c)) + M[at + 15]! - 30611744) | 0;
    d = (((x << 10) | (x >>> 22)) + a) | 0;
    x = (c + (a ^ (d | ~b)) + M[at + 6]! - 1560198380) | 0;
    c = (((x << 15) | (x >>> 17)) + d) | 0;
    x = (b + (d ^ (c | ~a)) + M[at + 13]! + 1309151649) | 0;
    b = (((x << 21) | (x >>> 11)) + c) | 0;
    x = (a + (c ^ (b | ~d)) + M[at + 4]! - 145523070) | 0;
    a = (((x << 6) | (x >>> 26)) + b) | 0;
    x = (d + (b ^ (a | ~c)) + M[at + 11]! - 1120210379) | 0;
    d = (((x << 10) | (x >>> 22)) + a) | 0;
    x = (c + (a ^ (d | ~b)) + M[at + 2]! + 718787259) | 0;
    c = (((x << 15) | (x >>> 17)) + d) | 0;
    x = (b + (d ^ (c | ~a)) + M[at + 9]! - 343485551) | 0;
    b = (((x << 21) | (x >>> 11)) + c) | 0;
    a = (a + a0) | 0;
    b = (b + b0) | 0;
    c = (c + c0) | 0;
    d = (d + d0) | 0;
  }
  state[0] = swapped(a);
  state[1] = swapped(b);
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
