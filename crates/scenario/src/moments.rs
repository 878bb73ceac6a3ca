//! The moments after which a fault strikes.

use commitsim_core::{NodeId, TxId};
use commitsim_sim::{Moment, Seen};

use crate::form_faults::{BEGAN, DECIDED, FORCED, MOMENT, RECEIVED, RESTARTED, SENT};
use crate::json::{Json, Value};
use crate::reader::{Fields, Reader};

impl Reader {
    pub(crate) fn moment(&mut self, json: &Json<'_>) -> Option<Moment> {
        let (kind, json) = self.choice(json, &MOMENT, "a moment: ")?;
        match kind {
            "began" => self.began(json),
            "sent" => self.sent(json),
            "received" => self.received(json),
            "forced" => self.forced(json),
            "restarted" => self.restarted(json),
            _ => self.decided(json),
        }
    }

    /// The node alone, or with the transaction.
    fn began(&mut self, json: &Json<'_>) -> Option<Moment> {
        let (by, transaction) = match json.value {
            Value::Text(_) => (self.node(json), None),
            _ => {
                let fields = self.object(json, &BEGAN)?;
                (self.by(&fields), self.transaction(&fields))
            }
        };
        Some(Moment { by: by?, seen: Seen::Began, transaction })
    }

    fn sent(&mut self, json: &Json<'_>) -> Option<Moment> {
        let fields = self.object(json, &SENT)?;
        let (by, transaction) = (self.by(&fields), self.transaction(&fields));
        let message = fields.get("message").and_then(|json| self.message(json));
        let to = fields.get("to").and_then(|json| self.node(json));
        Some(Moment { by: by?, seen: Seen::Sent { message: message?, to }, transaction })
    }

    fn received(&mut self, json: &Json<'_>) -> Option<Moment> {
        let fields = self.object(json, &RECEIVED)?;
        let (by, transaction) = (self.by(&fields), self.transaction(&fields));
        let message = fields.get("message").and_then(|json| self.message(json));
        let from = fields.get("from").and_then(|json| self.node(json));
        Some(Moment { by: by?, seen: Seen::Received { message: message?, from }, transaction })
    }

    fn forced(&mut self, json: &Json<'_>) -> Option<Moment> {
        let fields = self.object(json, &FORCED)?;
        let (by, transaction) = (self.by(&fields), self.transaction(&fields));
        let record = fields.get("record").and_then(|json| self.record(json));
        Some(Moment { by: by?, seen: Seen::Forced { record: record? }, transaction })
    }

    fn decided(&mut self, json: &Json<'_>) -> Option<Moment> {
        let fields = self.object(json, &DECIDED)?;
        let (by, transaction) = (self.by(&fields), self.transaction(&fields));
        Some(Moment { by: by?, seen: Seen::Decided, transaction })
    }

    /// A restart is of no transaction.
    fn restarted(&mut self, json: &Json<'_>) -> Option<Moment> {
        let fields = self.object(json, &RESTARTED)?;
        Some(Moment { by: self.by(&fields)?, seen: Seen::Restarted, transaction: None })
    }

    fn by(&mut self, fields: &Fields<'_, '_>) -> Option<NodeId> {
        fields.get("by").and_then(|json| self.node(json))
    }

    /// Transactions are numbered from 0 in the order in which they begin.
    pub(crate) fn transaction(&mut self, fields: &Fields<'_, '_>) -> Option<TxId> {
        let json = fields.get("transaction")?;
        let last = u64::from(self.transactions.unwrap_or(u32::MAX) - 1);
        let number = self.integer(json, 0, last)?;
        u32::try_from(number).ok().map(TxId)
    }
}
