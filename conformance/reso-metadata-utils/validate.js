// What the schema of CSDL cannot say: names that are there once, and lead somewhere (OData CSDL XML 4.01).

const SPEC = 'https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html';
const PRIMITIVE = new Set(
  ('Binary Boolean Byte Date DateTimeOffset Decimal Double Duration Guid Int16 Int32 Int64 SByte Single Stream String ' +
    'TimeOfDay Geography GeographyPoint GeographyLineString GeographyPolygon GeographyMultiPoint ' +
    'GeographyMultiLineString GeographyMultiPolygon GeographyCollection Geometry GeometryPoint GeometryLineString ' +
    'GeometryPolygon GeometryMultiPoint GeometryMultiLineString GeometryMultiPolygon GeometryCollection')
    .split(' ')
    .map((name) => `Edm.${name}`),
);
/** Types that a key may have (6.5). */
const KEYS = new Set(
  'Boolean Byte Date DateTimeOffset Decimal Duration Guid Int16 Int32 Int64 SByte String TimeOfDay'
    .split(' ')
    .map((name) => `Edm.${name}`),
);
const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]{0,127}$/u;

const inner = (type) => /^Collection\((.+)\)$/.exec(type)?.[1] ?? type;

/** Every fault of a document that was read, each with its path. */
export const validateCsdl = (schema) => {
  const errors = [];
  const wrong = (path, message, section) => errors.push({ path, message, specUrl: `${SPEC}#${section}` });
  const named = (list) => new Map(list.map((one) => [`${one.namespace}.${one.name}`, one]));
  const entities = named(schema.entityTypes);
  const enums = named(schema.enumTypes);
  const complex = named(schema.complexTypes);

  const once = (path, names) => {
    const seen = new Set();
    for (const name of names) {
      if (!IDENTIFIER.test(name ?? '')) wrong(`${path}/${name}`, 'The name is no identifier.', 'sec_SimpleIdentifier');
      if (seen.has(name)) wrong(`${path}/${name}`, 'The name stands twice.', 'sec_SchemaChildren');
      seen.add(name);
    }
  };
  for (const namespace of schema.namespaces) {
    const types = [...schema.entityTypes, ...schema.enumTypes, ...schema.complexTypes];
    once(namespace, types.filter((one) => one.namespace === namespace).map((one) => one.name));
  }
  for (const type of [...schema.entityTypes, ...schema.complexTypes]) {
    const path = `${type.namespace}.${type.name}`;
    once(path, [...type.properties, ...type.navigationProperties].map((one) => one.name));
    for (const one of type.properties) {
      const of = inner(one.type ?? '');
      if (!PRIMITIVE.has(of) && !enums.has(of) && !complex.has(of)) {
        wrong(`${path}/${one.name}`, `There is no type ${one.type}.`, 'sec_Type');
      }
      if (one.scale !== undefined && one.precision !== undefined && one.scale > one.precision) {
        wrong(`${path}/${one.name}`, 'Scale is greater than Precision.', 'sec_Scale');
      }
    }
    for (const one of type.navigationProperties) {
      if (!entities.has(inner(one.type))) {
        wrong(`${path}/${one.name}`, `There is no entity type ${one.type}.`, 'sec_NavigationPropertyType');
      }
    }
  }
  for (const type of schema.entityTypes) {
    const path = `${type.namespace}.${type.name}`;
    if (type.key.length === 0 && !type.baseType) wrong(path, 'The entity type has no key.', 'sec_Key');
    for (const name of type.key) {
      const property = type.properties.find((one) => one.name === name);
      if (!property) wrong(`${path}/${name}`, 'The key names no property.', 'sec_Key');
      else if (!KEYS.has(property.type) && !enums.has(property.type)) {
        wrong(`${path}/${name}`, `${property.type} is no type of a key.`, 'sec_Key');
      } else if (property.nullable !== false) {
        wrong(`${path}/${name}`, 'A property of the key is nullable.', 'sec_Key');
      }
    }
  }
  for (const type of schema.enumTypes) {
    const path = `${type.namespace}.${type.name}`;
    once(path, type.members.map((one) => one.name));
    if (type.members.length === 0) wrong(path, 'The enumeration has no members.', 'sec_EnumerationTypeMember');
  }
  if (!schema.entityContainer) {
    wrong(schema.namespace, 'There is no entity container.', 'sec_EntityContainer');
  } else {
    const { name, entitySets } = schema.entityContainer;
    once(name, entitySets.map((one) => one.name));
    const sets = new Set(entitySets.map((one) => one.name));
    for (const set of entitySets) {
      const type = entities.get(set.entityType);
      if (!type) wrong(`${name}/${set.name}`, `There is no entity type ${set.entityType}.`, 'sec_EntitySet');
      for (const { path, target } of set.bindings) {
        if (type && !type.navigationProperties.some((one) => one.name === path.split('/')[0])) {
          wrong(`${name}/${set.name}/${path}`, 'The binding names no link.', 'sec_NavigationPropertyBinding');
        }
        if (!sets.has(target.split('/').pop())) {
          wrong(`${name}/${set.name}/${path}`, `There is no set ${target}.`, 'sec_NavigationPropertyBinding');
        }
      }
    }
  }
  return { valid: errors.length === 0, errors };
};
