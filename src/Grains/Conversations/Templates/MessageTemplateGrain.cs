using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Templates;

internal sealed class MessageTemplateGrain(EntityStore<MessageTemplate, MessageTemplateKind> store, TimeProvider time)
    : StandardGrain<MessageTemplate, MessageTemplateDetails, MessageTemplateKind>(store, time);
