// A lint rule: no object is indexed by data. A text that is not one of a few known ones must be looked up in a Map, or after
// `Object.hasOwn`, because every object also has `toString`, `constructor` and `__proto__`.
import { ESLintUtils } from "@typescript-eslint/utils";
import ts from "typescript";

const INDEXED_BY_NUMBER = new Set(["Array", "ReadonlyArray", "String", "ArrayLike"]);

export const ownProperties = ESLintUtils.RuleCreator.withoutDocs({
  meta: {
    type: "problem",
    schema: [],
    messages: {
      indexed: "An object is indexed by data (`{{index}}`): use a Map, or ask `Object.hasOwn({{object}}, {{index}})` first.",
      within: "`in` finds inherited properties, too: use `Object.hasOwn({{object}}, {{index}})`.",
    },
  },
  defaultOptions: [],
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const checker = services.program.getTypeChecker();
    const textOf = (node) => context.sourceCode.getText(bare(node));

    /** The real type of an index, without casts. */
    const typeOfIndex = (node) => services.getTypeAtLocation(bare(node));

    /** The expression without its casts. */
    function bare(node) {
      return ["TSAsExpression", "TSNonNullExpression", "TSTypeAssertion"].includes(node.type) ? bare(node.expression) : node;
    }

    /** Whether a value of this type can be any text. */
    function isAnyText(type) {
      const constraint = checker.getBaseConstraintOfType(type) ?? type;
      if (constraint.isUnion()) return constraint.types.some(isAnyText);
      if (constraint.isIntersection()) return constraint.types.some(isAnyText);
      const { TypeFlags } = ts;
      return (
        (constraint.flags &
          (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.String | TypeFlags.TemplateLiteral | TypeFlags.StringMapping)) !==
        0
      );
    }

    function isList(type) {
      const constraint = checker.getBaseConstraintOfType(type) ?? type;
      if (constraint.isUnion())
        return constraint.types.every((part) => isList(part) || (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0);
      if ((constraint.flags & ts.TypeFlags.StringLike) !== 0 || checker.isArrayType(constraint) || checker.isTupleType(constraint))
        return true;
      const name = constraint.getSymbol()?.getName() ?? "";
      return INDEXED_BY_NUMBER.has(name) || /^(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array$|^Float\d+Array$/.test(name);
    }

    /** Whether the code is reached only after `Object.hasOwn` returned true. */
    function isGuarded(node, { object, index }) {
      for (let child = node, { parent } = node; parent; child = parent, { parent } = parent) {
        if (
          parent.type === "LogicalExpression" &&
          parent.operator === "&&" &&
          parent.right === child &&
          asks(parent.left, object, index)
        )
          return true;
        if (
          (parent.type === "ConditionalExpression" || parent.type === "IfStatement") &&
          parent.consequent === child &&
          asks(parent.test, object, index)
        )
          return true;
      }
      return false;
    }

    function asks(test, object, index) {
      if (test.type === "LogicalExpression" && test.operator === "&&")
        return asks(test.left, object, index) || asks(test.right, object, index);
      if (test.type !== "CallExpression" || textOf(test.callee) !== "Object.hasOwn") return false;
      const [asked, name] = test.arguments.map(textOf);
      return asked === object && name === index;
    }

    return {
      MemberExpression(node) {
        if (!node.computed || isList(services.getTypeAtLocation(node.object)) || !isAnyText(typeOfIndex(node.property))) return;
        const data = { object: textOf(node.object), index: textOf(node.property) };
        const written =
          (node.parent.type === "AssignmentExpression" && node.parent.left === node) || node.parent.type === "UpdateExpression";
        if (written || !isGuarded(node, data)) context.report({ node, messageId: "indexed", data });
      },
      "ObjectPattern > Property[computed=true]"(node) {
        if (isAnyText(typeOfIndex(node.key)))
          context.report({ node, messageId: "indexed", data: { object: "…", index: textOf(node.key) } });
      },
      'BinaryExpression[operator="in"]'(node) {
        if (node.left.type === "PrivateIdentifier" || !isAnyText(services.getTypeAtLocation(node.left))) return;
        context.report({ node, messageId: "within", data: { object: textOf(node.right), index: textOf(node.left) } });
      },
    };
  },
});
