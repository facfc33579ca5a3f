/** Vietnamese amounts in words, as statements and receipts ask ("viết bằng chữ"). */

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const GROUPS = ['', 'nghìn', 'triệu'];

/**
 * `62000` → `Sáu mươi hai nghìn đồng`. Northern reading: nghìn, lẻ, mốt, tư, lăm.
 * @param amount whole đồng, not negative
 * @throws RangeError for anything else
 */
export function amountInWords(amount: number): string {
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw new RangeError(`not a whole amount of đồng: ${amount}`);
  const words = amount === 0 ? 'không' : readWhole(amount);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} đồng`;
}

/** Above a billion the reading begins again: 1 234 567 890 123 = "một nghìn hai trăm … tỷ …". */
function readWhole(value: number): string {
  const billions = Math.floor(value / 1e9);
  const rest = value % 1e9;
  const high = billions > 0 ? `${readWhole(billions)} tỷ` : '';
  return [high, readBelowBillion(rest, billions > 0)].filter(Boolean).join(' ');
}

function readBelowBillion(value: number, follows: boolean): string {
  const parts: string[] = [];
  for (let group = 2; group >= 0; group -= 1) {
    const three = Math.floor(value / 1000 ** group) % 1000;
    if (three === 0) continue;
    const full = follows || parts.length > 0;
    parts.push(`${readThree(three, full)} ${GROUPS[group]}`.trim());
  }
  return parts.join(' ');
}

/** @param full read "không trăm" too, because something stands before */
function readThree(value: number, full: boolean): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const head = hundreds > 0 || full ? `${DIGITS[hundreds]} trăm` : '';
  return [head, readTwo(rest, head !== '')].filter(Boolean).join(' ');
}

function readTwo(value: number, follows: boolean): string {
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (tens === 0) {
    if (ones === 0) return '';
    return follows ? `lẻ ${DIGITS[ones]}` : DIGITS[ones]!;
  }
  const head = tens === 1 ? 'mười' : `${DIGITS[tens]} mươi`;
  if (ones === 0) return head;
  if (ones === 1 && tens > 1) return `${head} mốt`;
  if (ones === 4 && tens > 1) return `${head} tư`;
  if (ones === 5) return `${head} lăm`;
  return `${head} ${DIGITS[ones]}`;
}
