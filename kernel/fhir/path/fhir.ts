/** FHIR's additions to FHIRPath (http://hl7.org/fhir/R4/fhirpath.html#functions). */
import { isPrimitive } from '../definitions/elements.ts';
import { isAllowedHtml } from '../validation/xhtml.ts';
import { elementOf, property } from './members.ts';
import { Box, isObject, isPrimitiveNode, type Json, raw, singleNode, singleOf, typeOf } from './nodes.ts';
import { resolvedBy } from './references.ts';
import {
  answer,
  type Call,
  type Compiled,
  compileArgument,
  compileBase,
  type Functions,
  failedPath,
  NOTHING,
  type Scope,
  then,
  truth,
} from './scope.ts';
import { systemOf } from './types.ts';
import type { Environment, Work } from './work.ts';

export const FHIR: Functions = {
  extension: compileExtension,
  hasValue: (call, scope) => {
    const base = compileBase(call.base, scope);
    return truth(
      then(base.step, (nodes) => {
        const [node] = nodes;
        return answer(nodes.length === 1 && isPrimitiveNode(node, base.type) && raw(node) !== undefined);
      }),
    );
  },
  getValue: (call, scope) => {
    const base = compileBase(call.base, scope);
    return {
      type: base.type !== null && isPrimitive(base.type) ? systemOf(base.type) : null,
      step: then(base.step, (nodes) => {
        const [node] = nodes;
        if (nodes.length !== 1 || !isPrimitiveNode(node, base.type) || raw(node) === undefined)
          return NOTHING;
        const type = systemOf(typeOf(node, base.type) ?? '');
        return base.type === null && type !== null ? [new Box(type, raw(node))] : [raw(node)];
      }),
    };
  },
  resolve: (call, scope) => {
    const { step } = compileBase(call.base, scope);
    return {
      type: null,
      step: (nodes, work) => {
        const found = step(nodes, work);
        work.spend(found.length);
        return found.flatMap((node) => resolvedBy(raw(node), work) ?? []);
      },
    };
  },
  memberOf: compileMemberOf,
  subsumes: (call, scope) =>
    subsumption(call, scope, compileBase(call.base, scope), compileArgument(call, scope)),
  subsumedBy: (call, scope) =>
    subsumption(call, scope, compileArgument(call, scope), compileBase(call.base, scope)),
  conformsTo: (call, scope) => {
    const [base, profile] = [compileBase(call.base, scope), compileArgument(call, scope)];
    return truth((nodes, work) => {
      const value = singleOf(base.step(nodes, work), scope.text);
      const url = singleOf(profile.step(nodes, work), scope.text);
      if (value === null || typeof url !== 'string') return NOTHING;
      return answer(handed('conformsTo', call, scope, work)(value, url));
    });
  },
  htmlChecks: (call, scope) => {
    const base = compileBase(call.base, scope);
    return truth(
      then(base.step, (nodes, work) => {
        const text = singleOf(nodes, scope.text);
        if (typeof text !== 'string') return answer(text === null ? null : false);
        work.spend(text.length >> 3);
        return answer(isAllowedHtml(text));
      }),
    );
  },
  checkModifiers: compileCheckModifiers,
};

/** A function that the caller hands in. @throws Failure when this caller has none */
function handed<Name extends 'memberOf' | 'subsumes' | 'conformsTo'>(
  name: Name,
  call: Call,
  scope: Scope,
  work: Work,
): NonNullable<Environment[Name]> {
  const found = work.environment[name];
  if (found) return found;
  throw failedPath(scope.text, `ở đây không có ${call.name}()`, `${call.name}() is not at hand here`);
}

/** `extension('url')`, also of a primitive. */
function compileExtension(call: Call, scope: Scope): Compiled {
  const wanted = compileArgument(call, scope).step;
  const base = compileBase(call.base, scope);
  const extensions = base.type?.startsWith('System.')
    ? () => NOTHING
    : elementOf(base, 'extension', { ...scope, lenient: true }).step;
  return {
    type: 'Extension',
    step: (nodes, work) => {
      const address = singleOf(wanted(nodes, work), scope.text);
      return extensions(nodes, work)
        .map(raw)
        .filter((one) => (one as { url?: unknown }).url === address);
    },
  };
}

function compileMemberOf(call: Call, scope: Scope): Compiled {
  const [base, set] = [compileBase(call.base, scope), compileArgument(call, scope)];
  return truth((nodes, work) => {
    const node = singleNode(base.step(nodes, work), scope.text);
    const url = singleOf(set.step(nodes, work), scope.text);
    const value = raw(node) ?? null;
    if (value === null || typeof url !== 'string') return NOTHING;
    return answer(handed('memberOf', call, scope, work)(value, typeOf(node, base.type), url));
  });
}

/** Of CodeableConcepts it is enough that one of their codings does. */
function subsumption(call: Call, scope: Scope, general: Compiled, special: Compiled): Compiled {
  return truth((nodes, work) => {
    const one = singleOf(general.step(nodes, work), scope.text);
    const other = singleOf(special.step(nodes, work), scope.text);
    if (one === null || other === null) return NOTHING;
    const ask = handed('subsumes', call, scope, work);
    const answers = codingsOf(one).flatMap((a) => codingsOf(other).map((b) => ask(a, b)));
    work.spend(answers.length);
    return answer(
      answers.includes(true) ? true : answers.includes(null) || answers.length === 0 ? null : false,
    );
  });
}

function codingsOf(value: unknown): unknown[] {
  if (!isObject(value)) return [value];
  return Array.isArray(value.coding) ? value.coding : [value];
}

/** The nodes themselves, when they carry no modifying extension but those that are named. @throws Failure otherwise */
function compileCheckModifiers(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  const known = call.args.map((_, at) => compileArgument(call, scope, at).step);
  const modifiers = property('modifierExtension');
  return {
    type: base.type,
    step: (nodes, work) => {
      const found = base.step(nodes, work);
      const urls = new Set(known.map((step) => singleOf(step(nodes, work), scope.text)));
      const other = modifiers(found, work).find((one) => !urls.has((one as Json).url));
      if (other === undefined) return found;
      const { url } = other as Json;
      throw failedPath(
        scope.text,
        `có phần mở rộng làm đổi nghĩa chưa biết: ${url}`,
        `there is a modifier extension that nobody here knows: ${url}`,
      );
    },
  };
}
