/** Syntax and targets of references. http://hl7.org/fhir/R4/references.html */
import { isResourceName } from '../definitions/index.ts';
import type { Context, Json } from './context.ts';

const LITERAL = /^[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\S+$/i;
const ABSOLUTE_TYPE = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
/** In a Bundle a reference may be a search that the server carries out. */
const CONDITIONAL = /^[A-Za-z]+\?\S+$/;
const FRAGMENT = /^#[A-Za-z0-9\-.]{0,64}$/;

/** @param targets allowed types; undefined = any */
export function checkReference(value: Json, targets: readonly string[] | undefined, context: Context): void {
  const { reference, type } = value;
  if (typeof reference === 'string') checkLiteral(reference, targets, context);
  if (typeof type === 'string' && isResourceName(type) && targets && !targets.includes(type))
    wrongTarget(type, targets, context, 'type');
}

function checkLiteral(reference: string, targets: readonly string[] | undefined, context: Context): void {
  if (reference.startsWith('#')) {
    checkFragment(reference, targets, context);
    return;
  }
  const type = typeOf(reference, context);
  if (type === null) {
    context.report(
      'value',
      `Tham chiếu "${reference}" không đúng dạng: cần Loại/id, #id hoặc địa chỉ đầy đủ.`,
      `Reference "${reference}" is not valid: Type/id, #id or an absolute address is needed.`,
      'reference',
    );
  } else if (type !== '' && targets && !targets.includes(type))
    wrongTarget(type, targets, context, 'reference');
}

/** Type that a reference says, '' when it says none, null when it has no valid form. */
function typeOf(reference: string, { bundled }: Context): string | null {
  if (LITERAL.test(reference)) return knownType(reference.slice(0, reference.indexOf('/')));
  if (bundled && CONDITIONAL.test(reference)) return knownType(reference.slice(0, reference.indexOf('?')));
  if (!ABSOLUTE.test(reference)) return null;
  const type = ABSOLUTE_TYPE.exec(reference)?.[1] ?? '';
  return isResourceName(type) ? type : '';
}

function knownType(type: string): string | null {
  return isResourceName(type) ? type : null;
}

/** ref-1: a local reference has its contained resource. */
function checkFragment(reference: string, targets: readonly string[] | undefined, context: Context): void {
  const contained = context.root.contained;
  const id = reference.slice(1);
  if (id === '' && FRAGMENT.test(reference)) return;
  const target = Array.isArray(contained)
    ? contained.find((item) => (item as Json | null)?.id === id)
    : undefined;
  if (!target) {
    context.report(
      'invariant',
      `ref-1: "${reference}" không có trong contained của tài nguyên.`,
      `ref-1: "${reference}" is not among the contained resources.`,
      'reference',
    );
    return;
  }
  const type = String((target as Json).resourceType);
  if (targets && isResourceName(type) && !targets.includes(type))
    wrongTarget(type, targets, context, 'reference');
}

function wrongTarget(type: string, targets: readonly string[], context: Context, key: string): void {
  context.report(
    'value',
    `Không được tham chiếu đến ${type} ở đây; chỉ nhận ${targets.join(', ')}.`,
    `A reference to ${type} is not allowed here; allowed: ${targets.join(', ')}.`,
    key,
  );
}
