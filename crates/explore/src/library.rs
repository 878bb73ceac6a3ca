//! What worlds consist of, kept once for all of them.

use commitsim_core::{NodeId, Protocol, TxId};
use commitsim_host::{Host, Stage};
use commitsim_spec::Spec;

use crate::choice::Envelope;
use crate::digest::{Digest, digest};
use crate::shelf::Shelf;

/// The only transaction.
pub(crate) const TX: TxId = TxId(0);

/// What tables, logs and the like take on the heap, in a host or in the oracle, in bytes.
const MACHINE: usize = 512;

/// The hosts, messages and oracles of all worlds of a search.
pub(crate) struct Library<P: Protocol> {
    pub(crate) stage: Stage<P>,
    pub(crate) hosts: Shelf<Hosted<P>>,
    pub(crate) envelopes: Shelf<Sent<P::Message>>,
    pub(crate) oracles: Shelf<Oracle>,
}

/// A host with its fingerprint.
pub(crate) struct Hosted<P: Protocol> {
    pub(crate) host: Host<P>,
    pub(crate) digest: u128,
}

/// A message with its fingerprint.
pub(crate) struct Sent<M> {
    pub(crate) envelope: Envelope<M>,
    pub(crate) digest: u128,
}

/// The oracle with the fingerprint of all that it may still object to. Counts of messages and
/// records are in it until something goes wrong, for so long is the cost of a commit judged.
pub(crate) struct Oracle {
    pub(crate) spec: Spec,
    pub(crate) digest: u128,
}

impl<P: Protocol> Library<P> {
    pub(crate) fn new(stage: Stage<P>) -> Library<P> {
        let (hosts, envelopes, oracles) = (Shelf::new(), Shelf::new(), Shelf::new());
        Library { stage, hosts, envelopes, oracles }
    }

    /// The node at which the transaction begins.
    pub(crate) fn root(&self) -> NodeId {
        self.stage.casts.of(TX, NodeId(0)).root
    }

    pub(crate) fn host(&self, host: Host<P>) -> u32 {
        let digest = digest(&host);
        self.hosts.number(digest, Hosted { host, digest })
    }

    pub(crate) fn envelope(&self, envelope: Envelope<P::Message>) -> u32 {
        let digest = digest(&envelope);
        self.envelopes.number(digest, Sent { envelope, digest })
    }

    pub(crate) fn oracle(&self, spec: Spec) -> u32 {
        let mut all = Digest::new();
        spec.hash_all(&mut all);
        let digest = all.whole();
        self.oracles.number(digest, Oracle { spec, digest })
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        let host = size_of::<Hosted<P>>() + 2 * size_of::<P>() + MACHINE;
        let oracle = size_of::<Oracle>() + MACHINE;
        (self.hosts.len() * host + self.oracles.len() * oracle) as u64
    }
}
