// In place of the generated SchemaTypes/CustomScalars/DateTime.swift, which the generator writes once and then leaves alone.

import ApolloAPI
import Foundation

public struct DateTime: CustomScalarType, Hashable {
    public let date: Date

    public init(_ date: Date) {
        self.date = date
    }

    public init(_jsonValue value: JSONValue) throws {
        guard let text = value as? String, let date = DateTime.parse(text) else {
            throw JSONDecodingError.couldNotConvert(value: value, to: DateTime.self)
        }
        self.date = date
    }

    public var _jsonValue: JSONValue {
        DateTime.formatter(fractions: true).string(from: date)
    }

    // Answers are in UTC, with up to six digits behind the second, or none. Foundation reads exactly three.
    private static func parse(_ text: String) -> Date? {
        let milliseconds = text.replacingOccurrences(of: "(\\.\\d{3})\\d+", with: "$1", options: .regularExpression)
        return formatter(fractions: true).date(from: milliseconds) ?? formatter(fractions: false).date(from: text)
    }

    private static func formatter(fractions: Bool) -> ISO8601DateFormatter {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = fractions ? [.withInternetDateTime, .withFractionalSeconds] : [.withInternetDateTime]
        return formatter
    }
}
