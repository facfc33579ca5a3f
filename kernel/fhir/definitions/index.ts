/** FHIR R4 definitions as small tables: the front door of this room. */
export { type BaseConcept, baseCodeSystem, baseSystemUrls, requiredCodes } from './codes.ts';
export {
  baseTypeOf,
  type Element,
  type ElementType,
  elementsOf,
  hasStructure,
  isComplexType,
  isPrimitive,
  isResourceName,
  type Property,
  propertiesOf,
  propertyName,
  resourceTypeNames,
} from './elements.ts';
export {
  type BaseProfile,
  baseProfile,
  baseProfilesOf,
  baseValueSetCodes,
} from './profiles.ts';
export { type Rule, ruleOf, rules } from './rules.ts';
export {
  compartmentMembers,
  isCompartment,
  type ParameterKind,
  patientCompartmentParameters,
  type SearchParameter,
  searchParametersOf,
} from './search-parameters.ts';
