"""Whether provision was delivered: the sessions pupils were given against the sessions planned for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from senco_kit.provision.cost import over
from senco_kit.provision.data import ProvisionData

#: A pupil who was given less than this share of the planned sessions cannot be expected to show what they do.
THREE_QUARTERS = 0.75


def delivery(data: ProvisionData) -> pd.DataFrame:
    """A row for each row of `data.provisions`, in its order and with its index: school_id, provision_id, pupils,
    planned_sessions, delivered_sessions (pupils' sessions, summed over the pupils whose delivery is recorded), share
    (delivered / planned, NaN where nothing is recorded), pupils_under_three_quarters, pupils_recorded.
    """
    provisions, rows = data.provisions, data.enrolments
    place = pd.Index(provisions["provision_id"]).get_indexer(rows["provision_id"])
    planned, delivered = (
        rows[f"{what}_sessions"].to_numpy(float, na_value=np.nan) for what in ("planned", "delivered")
    )
    count = len(provisions)
    recorded = (place >= 0) & ~np.isnan(planned) & ~np.isnan(delivered)
    at, planned, delivered = place[recorded], planned[recorded], delivered[recorded]
    planned_sum, delivered_sum = np.bincount(at, planned, count), np.bincount(at, delivered, count)
    return pd.DataFrame(
        {
            "school_id": provisions["school_id"],
            "provision_id": provisions["provision_id"],
            "pupils": np.bincount(place[place >= 0], minlength=count),
            "planned_sessions": planned_sum,
            "delivered_sessions": delivered_sum,
            "share": over(delivered_sum, planned_sum),
            "pupils_under_three_quarters": np.bincount(at[delivered < THREE_QUARTERS * planned], minlength=count),
            "pupils_recorded": np.bincount(at, minlength=count),
        },
        index=provisions.index,
    )
