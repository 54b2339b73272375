import Foundation
import ShardRules
import Testing

/// The schema and the loader are made of one table; here the text of the schema is read as an editor reads it, and
/// values are made of it that the loader must take or refuse.
@Suite struct RulesSchemaTests {
  private static func schema() throws -> [String: Any] {
    let data = Data(RulesSchema.text(vocabulary).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `the schema is strict JSON and the same each time`() throws {
    let schema = try Self.schema()
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(RulesSchema.text(vocabulary) == RulesSchema.text(vocabulary))
    #expect(RulesSchema.text(vocabulary).hasSuffix("}\n"))
  }

  /// What some keys need beside a value of the right form.
  private static let values = [
    "rule": "\"a > 1\"", "name": "\"x\"", "outliers": "\"iqr:3\"", "share": "0.5", "pattern": "\"a\"",
  ]

  /// All values of one schema, one for each alternative, each key and each name.
  private static func instances(_ schema: [String: Any], key: String) -> [String] {
    if let value = values[key] { return [value] }
    if let choices = schema["enum"] as? [String] { return choices.map { "\"\($0)\"" } }
    if let alternatives = schema["anyOf"] as? [[String: Any]] {
      return alternatives.flatMap { instances($0, key: key) }
    }
    switch schema["type"] as? String {
    case "boolean": return ["true", "false"]
    case "null": return ["null"]
    case "string": return schema["pattern"] == nil ? ["\"x\""] : ["\"0.5%\"", "\"100%\"", "\"0%\""]
    case "number", "integer":
      let low = schema["minimum"] as? Double ?? (schema["exclusiveMinimum"] as? Double).map { $0 + 1 } ?? -2
      return [low, schema["maximum"] as? Double ?? 3].map { "\(Int($0))" }
    case "array":
      guard let item = schema["items"] as? [String: Any] else { return [] }
      let least = schema["minItems"] as? Int ?? 0
      let items = instances(item, key: key)
      if least == 2 { return ["[\(items[0]), \(items.dropLast().last ?? items[0])]"] }
      return items.map { "[\($0)]" }
    case "object":
      if let value = schema["additionalProperties"] as? [String: Any] {
        return instances(value, key: key).map { "{\"a.b\": \($0)}" }
      }
      guard let properties = schema["properties"] as? [String: [String: Any]] else { return [] }
      let required = (schema["required"] as? [String] ?? []).sorted()
      return properties.sorted { $0.key < $1.key }.flatMap { name, property -> [String] in
        instances(property, key: name).map { value in
          // A tolerance alone is of nothing.
          let extra = name == "tolerance" ? ["\"mean\": 0"] : []
          let others = required.filter { $0 != name }.map {
            "\"\($0)\": \(instances(properties[$0]!, key: $0)[0])"
          }
          return "{" + (extra + others + ["\"\(name)\": \(value)"]).joined(separator: ", ") + "}"
        }
      }
    default: return schema["type"] is [String] ? ["1", "\"x\"", "true"] : []
    }
  }

  /// Right in form, but without meaning.
  private static func isMeaningless(_ found: [String]) -> Bool {
    found.allSatisfy { message in
      ["demands nothing", "is above the maximum", "expected `mean` or `stddev`"].contains {
        message.contains($0)
      }
    }
  }

  @Test func `the loader takes whatever the schema allows`() throws {
    let instances = Self.instances(try Self.schema(), key: "")
    #expect(instances.count > 100)
    for text in instances {
      let found = mistakes(text)
      #expect(Self.isMeaningless(found), "\(text): \(found)")
    }
  }

  @Test func `every key of the schema means something to the loader`() throws {
    let plain = try rules("version: 1")
    let names = try Self.keys(Self.schema())
    #expect(names.count > 40)
    let instances = Self.instances(try Self.schema(), key: "")
    for name in names where name != "version" {
      let users = instances.filter { $0.contains("\"\(name)\":") }
      #expect(users.contains { (try? rules($0)) != nil && (try? rules($0)) != plain }, "\(name)")
    }
    // A key is not only taken: it changes what the same file says without it.
    for name in try Self.fieldKeys() {
      let users = instances.filter { $0.contains("\"fields\"") && $0.contains("{\"a.b\": {\"\(name)\":") }
      let empty = try rules("{\"version\": 1, \"fields\": {\"a.b\": {}}}")
      #expect(users.contains { (try? rules($0)).map { $0 != empty } ?? false }, "\(name)")
    }
  }

  @Test func `every object of the schema refuses other keys, and so does the loader`() throws {
    let schema = try Self.schema()
    var objects = 0
    func walk(_ value: Any) {
      if let list = value as? [Any] { list.forEach(walk) }
      guard let object = value as? [String: Any] else { return }
      if object["properties"] != nil {
        objects += 1
        #expect(object["additionalProperties"] as? Bool == false)
      }
      object.values.forEach(walk)
    }
    walk(schema)
    #expect(objects > 10)
    for text in Self.instances(schema, key: "") where text.contains("{\"") && !text.contains("\"a.b\"") {
      let spoiled = text.replacingOccurrences(of: "{\"", with: "{\"zzzzzz\": 1, \"")
      #expect(mistakes(spoiled).contains { $0.contains("`zzzzzz`") }, "\(spoiled)")
    }
  }

  private static func keys(_ value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1)) } }
    guard let object = value as? [String: Any] else { return [] }
    var found: Set<String> = []
    for (name, child) in object {
      if name == "properties", let properties = child as? [String: Any] {
        found.formUnion(properties.keys)
        for property in properties.values { found.formUnion(keys(property)) }
      } else {
        found.formUnion(keys(child))
      }
    }
    return found
  }

  private static func fieldKeys() throws -> [String] {
    let sections = try #require(try schema()["properties"] as? [String: [String: Any]])
    let map = try #require((sections["fields"]?["anyOf"] as? [[String: Any]])?.first)
    let rule = try #require(map["additionalProperties"] as? [String: Any])
    return (rule["properties"] as? [String: Any] ?? [:]).keys.sorted()
  }
}
