using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Channels;

internal sealed class CommunicationChannelGrain(EntityStore<CommunicationChannel, CommunicationChannelKind> store, TimeProvider time)
    : StandardGrain<CommunicationChannel, CommunicationChannelDetails, CommunicationChannelKind>(store, time);
