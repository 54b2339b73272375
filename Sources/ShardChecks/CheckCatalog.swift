import ShardModel

/// All checks, in the order in which they are listed. A new check is one file and one line here.
package enum CheckCatalog {
  package static let all: [any Check.Type] = [
    RecordMalformed.self,
    RecordTruncated.self,
    RecordEmpty.self,
    EncodingInvalid.self,
    ColumnCount.self,
    FieldDuplicate.self,
    FieldMissing.self,
    FieldTypeCheck.self,
    ShardUnreadable.self,
    ShardEmpty.self,
    ShardGap.self,
    MemberUnexpected.self,
    MemberDuplicate.self,
    MemberExtension.self,
    MemberName.self,
    SampleSplit.self,
    NumberNaN.self,
    NumberInfinite.self,
    NumberOverflow.self,
    NumberUnderflow.self,
    NumberOutlier.self,
    NumberAsText.self,
    NumberRange.self,
    ListLength.self,
    TextLength.self,
    FieldValue.self,
    FieldOrder.self,
    RecordRuleCheck.self,
    FieldNull.self,
    FieldConstant.self,
    NormalizationField.self,
    NormalizationShard.self,
    NormalizationVector.self,
    BoxRange.self,
    TokensTooLong.self,
    TokensEmpty.self,
    TokensOutlier.self,
    TokenIDRange.self,
    TokenLengthsDiffer.self,
    LabelsAllIgnored.self,
    LabelsTruncated.self,
    LabelsMisaligned.self,
    MaskInvalid.self,
    ConversationUnusable.self,
    TokensUnknown.self,
    PairIncomplete.self,
    PlaceholderMismatch.self,
    CaptionEmpty.self,
    CaptionLength.self,
    CaptionDuplicate.self,
    CaptionMarkup.self,
    CaptionAddress.self,
    TextGarbled.self,
    TurnOrder.self,
    AnswerEmpty.self,
    SeparatorInText.self,
    TagUnbalanced.self,
    BoxMalformed.self,
    ImagePathInvalid.self,
    ImageListType.self,
    MetadataRangeCheck.self,
    ImageMissing.self,
    ImageUnsafePath.self,
    ImageCorrupt.self,
    ImageFormatCheck.self,
    ImageDimensions.self,
    ImageSmall.self,
    ImageOddSize.self,
    ImageAspect.self,
    ImageDark.self,
    ImageBright.self,
    ImageFlat.self,
    ImageBlurry.self,
    ImageGray.self,
    ImageDuplicate.self,
    ImageNearDuplicate.self,
    RecordDuplicate.self,
    FieldUnique.self,
    DriftDistribution.self,
    DriftSchema.self,
  ]

  package static var descriptions: [CheckDescription] { all.map { $0.description } }

  package static func description(of id: String) -> CheckDescription? {
    descriptions.first { $0.id == id }
  }

  /// The checks that the settings turn on.
  package static func checks(for settings: CheckSettings) -> [any Check] {
    all.filter { settings.enabled.contains($0.description.id) }.map {
      $0.init(settings.of($0.description.id))
    }
  }
}

extension CheckSettings {
  /// Whether a check of the family is on.
  package func isEnabled(_ family: CheckDescription.Family) -> Bool {
    CheckCatalog.descriptions.contains { $0.family == family && enabled.contains($0.id) }
  }

  /// Everything as it is without a word from the user.
  package static var standard: CheckSettings {
    CheckSettings(enabled: Set(CheckCatalog.descriptions.map(\.id)))
  }
}
