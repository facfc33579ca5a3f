/** What a patch has emptied, left out of the document: FHIR JSON has no empty lists or objects (R4 json.html). */
type Json = unknown;

/**
 * Takes emptied lists and objects out of the document, and what holds nothing else. What was sent empty stays, and is
 * refused by validation.
 * @param document is changed
 */
export function leaveOut(document: Json, emptied: ReadonlySet<Json>): void {
  isGone(document, emptied, false);
}

/** @param aligned the list goes beside one of primitives (`_given`): its places stay */
function isGone(value: Json, emptied: ReadonlySet<Json>, aligned: boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return isListGone(value, emptied, aligned);
  const holder = value as Record<string, Json>;
  let isShorter = emptied.has(value);
  for (const name of Object.keys(holder)) {
    if (!isGone(holder[name], emptied, name.startsWith('_'))) continue;
    delete holder[name];
    isShorter = true;
  }
  return isShorter && Object.keys(holder).length === 0;
}

function isListGone(list: Json[], emptied: ReadonlySet<Json>, aligned: boolean): boolean {
  let isShorter = emptied.has(list);
  for (let index = list.length - 1; index >= 0; index--) {
    if (!isGone(list[index], emptied, false)) continue;
    if (aligned) list[index] = null;
    else list.splice(index, 1);
    isShorter = true;
  }
  return isShorter && list.every((item) => aligned && item === null);
}
