#pragma once
#include "ck_framing.h"
#include "ck_integers.h"
#include "ck_number.h"
#include "ck_records.h"
#include "ck_stats.h"
#include "ck_text.h"
