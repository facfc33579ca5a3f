/** `is`, `as`, `ofType`, `type`. FHIRPath 2.0, 6.3 "Types", and 10 "Types and Reflection". */
import { narrowed, pickedFrom } from './members.ts';
import { singleNode, typeOf } from './nodes.ts';
import {
  answer,
  argument,
  type Call,
  type Compiled,
  compileBase,
  type Functions,
  NOTHING,
  refusedPath,
  type Scope,
  then,
  truth,
} from './scope.ts';
import { fits, isA, isFhirType, reflected, type TypeName, typeNamed } from './types.ts';

export const TYPING: Functions = {
  is: (call, scope) => {
    const wanted = typeOfArgument(call, scope);
    const base = compileBase(call.base, scope);
    return truth(
      then(base.step, (nodes) => {
        const node = singleNode(nodes, scope.text);
        if (node === null) return NOTHING;
        const type = typeOf(node, base.type);
        return answer(wanted !== null && type !== null && isA(type, wanted));
      }),
    );
  },
  as: picked,
  ofType: picked,
  type: (call, scope) => {
    const base = compileBase(call.base, scope);
    return {
      type: 'System.TypeInfo',
      step: then(base.step, (nodes) =>
        nodes
          .map((node) => typeOf(node, base.type))
          .flatMap((type) => (type === null ? [] : [reflected(type)])),
      ),
    };
  },
};

/** Null for a type that nobody knows, where that is allowed. */
function typeOfArgument(call: Call, scope: Scope): TypeName | null {
  const wanted = typeNamed(argument(call, scope));
  if (wanted !== null || scope.lenient) return wanted;
  throw refusedPath(
    scope.text,
    `gọi ${call.name}() với kiểu không có trong R4`,
    `calls ${call.name}() with what is no type of R4`,
  );
}

/** `as` is `ofType` here, also of several values: R4's own invariants (dom-3) use it so. */
function picked(call: Call, scope: Scope): Compiled {
  const wanted = typeOfArgument(call, scope);
  if (wanted === null) return { type: null, step: () => NOTHING };
  const from = pickedFrom(call.base, wanted, scope);
  if ('chosen' in from) return from.chosen;
  const { base } = from;
  if (base.type !== null && fits(base.type, wanted)) return base;
  return { type: typePicked(wanted), step: then(base.step, narrowed(base.type, wanted)) };
}

/** The type of what is picked by it; null where FHIRPath's own and FHIR's may both come. */
function typePicked({ namespace, name }: TypeName): string | null {
  if (namespace === 'System' || name === 'Quantity' || !isFhirType(name)) return null;
  return ABSTRACT.has(name) ? null : name;
}
const ABSTRACT = new Set(['Element', 'BackboneElement', 'Resource', 'DomainResource']);
