/** What SQL on FHIR v2 adds to FHIRPath: keys that tables are joined by. */
import { isResourceName } from '../definitions/elements.ts';
import { property } from './members.ts';
import { raw } from './nodes.ts';
import {
  type Call,
  type Compiled,
  compileBase,
  type Functions,
  refusedPath,
  type Scope,
  then,
} from './scope.ts';
import { typeNamed } from './types.ts';

export const KEYS: Functions = {
  getResourceKey: (call, scope) => {
    const base = compileBase(call.base, scope);
    return { type: 'id', step: then(base.step, property('id')) };
  },
  getReferenceKey: compileReferenceKey,
};

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** The id of a local reference, when it is of the type asked for. */
function compileReferenceKey(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  if (base.type !== null && base.type !== 'Reference')
    throw refusedPath(
      scope.text,
      'gọi getReferenceKey() trên thứ không phải tham chiếu',
      'calls getReferenceKey() on what is no reference',
    );
  const target = call.args[0] ? (typeNamed(call.args[0])?.name ?? null) : null;
  if (call.args[0] && (target === null || !isResourceName(target)))
    throw refusedPath(
      scope.text,
      'gọi getReferenceKey() với thứ không phải loại tài nguyên',
      'calls getReferenceKey() with what is no resource type',
    );
  return {
    type: 'id',
    step: then(base.step, (nodes) => {
      const found: unknown[] = [];
      for (const node of nodes) {
        const { reference } = raw(node) as { reference?: unknown };
        const parts = typeof reference === 'string' ? LOCAL.exec(reference) : null;
        if (parts && (target === null || parts[1] === target)) found.push(parts[2]);
      }
      return found;
    }),
  };
}
