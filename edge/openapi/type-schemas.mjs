// JSON Schemas of the exported types of a module, from the TypeScript compiler: so the schemas of answers cannot differ from their types.
// It knows what data of JSON can be: objects, records, lists, unions, literals. Every number of the interface is an integer.
import ts from "typescript";

const { SymbolFlags, TypeFlags } = ts;

/**
 * @param {string} file the module, with its tsconfig.json beside it or above
 * @param {string} reference the beginning of the address of a schema: `#/components/schemas/`
 */
export function typeSchemas(file, reference) {
  const settings = ts.findConfigFile(file, ts.sys.fileExists);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(settings, ts.sys.readFile).config,
    ts.sys,
    settings.slice(0, settings.lastIndexOf("/")),
  );
  const program = ts.createProgram([file], { ...options, types: [] });
  const checker = program.getTypeChecker();
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map((symbol) => [symbol.name, symbol]),
  );
  /** Schemas by name; one is put there before its fields are read, because types may contain themselves. */
  const schemas = {};

  /** The reference to the schema of an exported type. */
  function named(name) {
    if (!Object.hasOwn(schemas, name)) {
      const symbol = exported.get(name);
      if (!symbol) throw new Error(`${file}: no type ${name}`);
      const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      keep(name, checker.getDeclaredTypeOfSymbol(target), target);
    }
    return { $ref: reference + name };
  }

  function keep(name, type, symbol) {
    schemas[name] = {};
    Object.assign(schemas[name], described(symbol), inline(type));
  }

  /** The name under which a type's schema is kept: that of its declaration, if it has one and is not generic. */
  function nameOf(type) {
    if (type.aliasSymbol && !type.aliasTypeArguments) return type.aliasSymbol;
    const isDeclared = type.symbol && type.symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class);
    return isDeclared && !checker.getTypeArguments(type).length && !checker.isArrayType(type) ? type.symbol : undefined;
  }

  function schemaOf(type) {
    const symbol = nameOf(type);
    if (!symbol) return inline(type);
    if (!Object.hasOwn(schemas, symbol.name)) keep(symbol.name, type, symbol);
    return { $ref: reference + symbol.name };
  }

  function inline(type) {
    if (type.isUnion()) return union(type);
    if (type.isStringLiteral()) return { type: "string", const: type.value };
    if (type.isNumberLiteral()) return { type: "integer", const: type.value };
    const { flags } = type;
    if (flags & (TypeFlags.Any | TypeFlags.Unknown)) return {};
    if (flags & TypeFlags.String) return { type: "string" };
    if (flags & TypeFlags.Number) return { type: "integer" };
    if (flags & TypeFlags.Null) return { type: "null" };
    if (flags & TypeFlags.BooleanLiteral) return { type: "boolean", const: checker.typeToString(type) === "true" };
    if (checker.isArrayType(type)) return { type: "array", items: schemaOf(checker.getTypeArguments(type)[0]) };
    if (flags & TypeFlags.Object || type.isIntersection()) return object(type);
    throw new Error(`${file}: no schema for the type ${checker.typeToString(type)}`);
  }

  function union(type) {
    const kinds = type.types.filter(({ flags }) => !(flags & TypeFlags.Undefined));
    if (kinds.every(({ flags }) => flags & TypeFlags.BooleanLiteral) && kinds.length === 2) return { type: "boolean" };
    // Sorted: the compiler's order depends on what else it has read.
    if (kinds.every((kind) => kind.isStringLiteral())) return { type: "string", enum: kinds.map(({ value }) => value).sort() };
    const [only, ...others] = kinds;
    if (others.length === 0) return schemaOf(only);
    const booleans = kinds.filter(({ flags }) => flags & TypeFlags.BooleanLiteral);
    const rest = kinds.filter((kind) => !booleans.includes(kind)).map(schemaOf);
    return { anyOf: booleans.length === 2 ? [...rest, { type: "boolean" }] : [...rest, ...booleans.map(inline)] };
  }

  function object(type) {
    const properties = {};
    const required = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const isOptional = Boolean(property.flags & SymbolFlags.Optional);
      // The type of an optional field has `undefined`, and so no name. Its declaration has the name.
      const written = isOptional ? property.valueDeclaration?.type : undefined;
      const schema = schemaOf(written ? checker.getTypeFromTypeNode(written) : checker.getTypeOfSymbol(property));
      properties[property.name] = { ...described(property), ...schema };
      if (!isOptional) required.push(property.name);
    }
    const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(values && { additionalProperties: schemaOf(values) }),
    };
  }

  function described(symbol) {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, " ").trim();
    return text === "" ? {} : { description: text };
  }

  return { named, schemas };
}
